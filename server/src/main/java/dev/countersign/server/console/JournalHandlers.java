// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.console;

import dev.countersign.protocol.MalformedException;
import dev.countersign.server.credentials.AuthenticatedOperator;
import dev.countersign.server.http.Answer;
import dev.countersign.server.http.Exchange;
import dev.countersign.server.journal.Journal;
import dev.countersign.server.journal.JournalEntry;
import java.util.List;
import java.util.Optional;

/** Why devices, and others, did not get in. */
final class JournalHandlers {
  private final Journal journal;

  JournalHandlers(Journal journal) {
    this.journal = journal;
  }

  Answer ofDevice(AuthenticatedOperator operator, Exchange exchange) throws MalformedException {
    exchange.onlyQueryParameters("limit");
    Optional<List<JournalEntry>> found =
        journal.ofDevice(DeviceHandlers.serial(exchange), DeviceHandlers.limit(exchange));
    return found.isPresent() ? lines(found.get()) : DeviceHandlers.noSuchDevice();
  }

  Answer unattributed(AuthenticatedOperator operator, Exchange exchange) throws MalformedException {
    exchange.onlyQueryParameters("unattributed", "limit");
    if (!exchange.queryParameter("unattributed").equals(Optional.of("true"))) {
      throw new MalformedException(
          "unattributed", "expected true; a device's entries are under its own path");
    }
    return lines(journal.unattributed(DeviceHandlers.limit(exchange)));
  }

  private static Answer lines(List<JournalEntry> entries) {
    return new Answer.Lines(sink -> {
      for (JournalEntry entry : entries) {
        sink.line(Views.journal(entry));
      }
    });
  }
}
