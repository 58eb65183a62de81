// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.telemetry.JsonReadings;
import dev.countersign.protocol.telemetry.Reading;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Reading the body of {@code POST /v1/readings}. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class JsonReadingsBenchmark {
  private static final String OBJECT =
      "{\"temperature\":21.5,\"door\":\"closed\",\"ok\":true,\"at\":\"2026-11-21T20:30:00Z\"}";

  private static final int OBJECTS = 100;

  private final byte[] oneNumber = "{\"temperature\":21.5}".getBytes(UTF_8);
  private final byte[] oneObject = OBJECT.getBytes(UTF_8);
  private final byte[] manyObjects =
      ("[" + (OBJECT + ",").repeat(OBJECTS - 1) + OBJECT + "]").getBytes(UTF_8);

  @Benchmark
  public List<Reading> oneNumber() throws MalformedException {
    return JsonReadings.decode(oneNumber);
  }

  @Benchmark
  public List<Reading> oneObject() throws MalformedException {
    return JsonReadings.decode(oneObject);
  }

  @Benchmark
  public List<Reading> manyObjects() throws MalformedException {
    return JsonReadings.decode(manyObjects);
  }
}
