// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.benchmarks;

import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.SecretAccess;
import dev.countersign.protocol.Sha256;
import dev.countersign.protocol.est.EnrolmentToken;
import java.security.SecureRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * What somebody without a credential can make the server compute: reading and comparing a token.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class EnrolmentTokenBenchmark {
  private final EnrolmentToken token =
      EnrolmentToken.generate(Sha256.of(new byte[] {1}), new SecureRandom());
  private final String text = token.text(SecretAccess.insecure());
  private final Sha256 stored = token.secretHash();

  @Benchmark
  public boolean compare() throws MalformedException {
    return EnrolmentToken.parse(text).matches(stored);
  }
}
