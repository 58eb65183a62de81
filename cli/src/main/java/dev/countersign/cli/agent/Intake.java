// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.agent;

import dev.countersign.cli.terminal.Problems;
import dev.countersign.client.agent.DeviceAgent;
import dev.countersign.client.telemetry.Entry;
import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.telemetry.JsonReadings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Takes readings from lines of JSON into the agent's queue. */
final class Intake {
  /** A full disk is asked again after this. */
  private static final long STORAGE_RETRY_SECONDS = 5;

  private final Lines lines;
  private final DeviceAgent agent;
  private final AgentReport report;

  Intake(Lines lines, DeviceAgent agent, AgentReport report) {
    this.lines = lines;
    this.agent = agent;
    this.report = report;
  }

  /** Reads to the end. */
  void run() {
    try {
      for (List<Lines.Line> next = lines.next(); !next.isEmpty(); next = lines.next()) {
        take(next);
      }
    } catch (IOException e) {
      report.inputFailed(Problems.reason(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    }
    report.inputEnded();
  }

  private void take(List<Lines.Line> next) throws InterruptedException {
    var entries = new ArrayList<Entry>();
    for (Lines.Line line : next) {
      entry(line).ifPresent(entries::add);
    }
    for (int taken = 0; taken < entries.size(); ) {
      try {
        taken += agent.take(entries.subList(taken, entries.size()));
      } catch (IOException e) {
        report.storageFailed(Problems.reason(e));
        TimeUnit.SECONDS.sleep(STORAGE_RETRY_SECONDS);
      }
    }
    report.taken(next.getLast().number());
  }

  private Optional<Entry> entry(Lines.Line line) {
    try {
      if (line.tooLong()) {
        throw new MalformedException("line", "expected at most " + Lines.MAX_LINE_BYTES + " bytes");
      }
      return isBlank(line.content())
          ? Optional.empty()
          : Optional.of(Entry.of(JsonReadings.decode(line.content())));
    } catch (MalformedException e) {
      report.malformed(line.number(), e.field(), e.problem());
      return Optional.empty();
    }
  }

  private static boolean isBlank(byte[] content) {
    for (byte b : content) {
      if (b != ' ' && b != '\t' && b != '\r') {
        return false;
      }
    }
    return true;
  }
}
