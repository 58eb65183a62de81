// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.agent;

import dev.countersign.cli.remote.Json;
import dev.countersign.cli.terminal.CommandException;
import dev.countersign.cli.terminal.Output;
import dev.countersign.cli.terminal.Printable;
import dev.countersign.client.agent.AgentEvent;
import dev.countersign.client.agent.AgentEvent.Task;
import dev.countersign.client.agent.AgentListener;
import dev.countersign.client.agent.Trouble;
import dev.countersign.client.telemetry.MessageQueue;
import java.net.URI;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import tools.jackson.databind.node.ObjectNode;

/**
 * Tells people in lines and programs in JSON what an agent does, and knows when a run is over.
 *
 * <p>People are told what changed; a program is told all. Safe for use by many threads.
 */
final class AgentReport implements AgentListener {
  /** With {@code --once}, so many failures in a row are enough: some ten seconds. */
  private static final int FAILURES_OF_ONE_RUN = 5;

  private final Output output;
  private final URI server;
  private final boolean once;
  private final boolean byKey;
  private final CompletableFuture<Optional<CommandException>> end = new CompletableFuture<>();
  private final Map<Task, String> lastTrouble = new EnumMap<>(Task.class);
  private Optional<MessageQueue> queue = Optional.empty();
  private boolean inputEnded;
  private boolean settingsCurrent;
  private boolean delivered;
  private boolean silent;

  AgentReport(Output output, URI server, boolean once, boolean byKey) {
    this.byKey = byKey;
    this.output = output;
    this.server = server;
    this.once = once;
  }

  /** Waits until the run is over: with an error, or with nothing left to do. */
  void awaitEnd() throws CommandException {
    try {
      Optional<CommandException> failure = end.get();
      if (failure.isPresent()) {
        throw failure.get();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      throw new AssertionError("the end is a value", e);
    }
  }

  /** The queue is open: what was taken before tells a feeder where to go on. */
  synchronized void started(MessageQueue opened) {
    queue = Optional.of(opened);
    json(event("started").put("taken", opened.taken()).put("waiting", opened.size()));
    if (opened.size() > 0) {
      done(opened.size() + " lines wait in the queue from before");
    }
  }

  /** All lines up to this one are durable, or were reported as malformed. */
  synchronized void taken(long line) {
    json(event("taken").put("line", line).put("taken", queue.map(MessageQueue::taken).orElse(0L)));
  }

  synchronized void malformed(long line, String field, String problem) {
    json(event("malformed").put("line", line).put("field", field).put("problem", problem));
    warn("line " + line + " was skipped: " + field + ": " + problem);
  }

  synchronized void inputEnded() {
    inputEnded = true;
    json(event("input-ended"));
    endIfDone();
  }

  synchronized void inputFailed(String why) {
    json(event("input-failed").put("why", why));
    warn("stdin cannot be read any more: " + why);
  }

  synchronized void storageFailed(String why) {
    json(event("storage-failed").put("why", why));
    warn("a line could not be stored, and is tried again: " + why);
  }

  @Override
  public synchronized void on(AgentEvent event) {
    switch (event) {
      case AgentEvent.Opened e -> {
        json(certificate("opened", e.certificate().hex(), e.until().toString()));
        done("identity from before, certificate until " + Printable.time(e.until()));
      }
      case AgentEvent.OpenedSealed e -> {
        json(event("opened").put("generation", e.generation()));
        done("messages are sealed, key generation " + e.generation());
      }
      case AgentEvent.OpenedByKey e -> {
        json(event("opened").put("keyId", e.keyId().hex()));
        done("proves itself by the key " + e.keyId().hex() + " from its pre-set secret");
      }
      case AgentEvent.Enrolled e -> {
        json(certificate("enrolled", e.certificate().hex(), e.until().toString()));
        done(
            byKey
                ? "server verified by the key that both have"
                : "server verified by the root's fingerprint in the token");
        done("enrolled with a key made on this device, until " + Printable.time(e.until()));
      }
      case AgentEvent.Renewed e -> {
        json(certificate("renewed", e.certificate().hex(), e.until().toString()));
        done("certificate renewed with a new key, until " + Printable.time(e.until()));
      }
      case AgentEvent.Waiting e -> waiting(e);
      case AgentEvent.Recovered e -> recovered(e.task());
      case AgentEvent.Ended e -> {
        json(event("ended").put("why", e.why()).put("advice", e.advice()));
        end.complete(Optional.of(CommandException.refused(e.why(), e.advice())));
      }
      case AgentEvent.Delivered e -> delivered(e);
      case AgentEvent.QueueFull e -> {
        json(event("queue-full").put("waiting", e.entries()));
        warn(
            "the queue is full (" + e.entries() + " lines): stdin is not read until there is room");
      }
      case AgentEvent.QueueHasRoom _ -> {
        json(event("queue-has-room"));
        done("the queue has room again");
      }
      case AgentEvent.QueueMended e -> {
        json(event("queue-mended").put("finding", e.finding()));
        warn(e.finding());
      }
      case AgentEvent.NumberRefused e -> {
        json(
            event("number-refused")
                .put("sequence", e.sequence())
                .put("next", e.next())
                .put("why", e.why()));
        warn(
            "the server knows another message under number "
                + e.sequence()
                + " of this device; going on with "
                + e.next()
                + ". Was the state directory restored or copied?");
      }
      case AgentEvent.ReadingsRefused e -> {
        json(
            event("readings-refused")
                .put("sequence", e.sequence())
                .put("readings", e.readings())
                .put("why", e.why()));
        warn("the server refused a line for good (" + e.why() + "); it is in queue/refused.jsonl");
      }
      case AgentEvent.SettingsReceived e -> json(settings("settings-received", e.version()));
      case AgentEvent.SettingsRefused e -> {
        json(settings("settings-refused", e.version()).put("why", e.why()));
        warn("settings version " + e.version() + " refused: " + e.why());
      }
      case AgentEvent.SettingsNotApplied e -> settingsNotApplied(e);
      case AgentEvent.SettingsApplied e -> {
        json(settings("settings-applied", e.version()));
        done("settings version " + e.version() + " applied");
      }
      case AgentEvent.SettingsConfirmed e -> {
        json(settings("settings-confirmed", e.version()));
        done("settings version " + e.version() + " confirmed to the server");
      }
      case AgentEvent.ReceiptRefused e -> {
        json(settings("receipt-refused", e.version()).put("why", e.why()));
        warn("the server did not take the receipt of settings version " + e.version());
      }
      case AgentEvent.SettingsCurrent _ -> {
        settingsCurrent = true;
        endIfDone();
      }
      case AgentEvent.FloorNotStored e -> {
        json(event("floor-not-stored").put("why", e.why()));
        warn("the time floor could not be stored: " + e.why());
      }
    }
  }

  private void waiting(AgentEvent.Waiting e) {
    json(
        event("waiting")
            .put("task", name(e.task()))
            .put("trouble", name(e.trouble()))
            .put("why", e.why())
            .put("attempt", e.attempt())
            .put("retryInMs", e.retryIn().toMillis()));
    String trouble = text(e.trouble()) + ": " + e.why();
    if (!trouble.equals(lastTrouble.put(e.task(), trouble))) {
      warn(trouble + "; " + e.trouble().advice());
    }
    if (once && (isFinal(e.trouble()) || e.attempt() >= FAILURES_OF_ONE_RUN)) {
      end.complete(Optional.of(failure(e)));
    }
  }

  private String text(Trouble trouble) {
    return switch (trouble) {
      case UNREACHABLE -> "cannot reach " + server;
      case NO_SEALED_ANSWER -> server + " gave no answer of this device's server";
      case SERVER_NOT_ACCEPTED -> server + " is not this device's server";
      case CREDENTIAL_REFUSED -> server + " refused this device's certificate";
      case SUSPENDED, OVERLOADED, UNEXPECTED -> server.toString();
      case STORAGE -> "the state directory";
    };
  }

  /** A person has to do something first. */
  private static boolean isFinal(Trouble trouble) {
    return trouble == Trouble.CREDENTIAL_REFUSED || trouble == Trouble.SUSPENDED;
  }

  private CommandException failure(AgentEvent.Waiting e) {
    String cause = text(e.trouble()) + ": " + e.why();
    String advice = e.trouble().advice() + "; what is queued stays queued";
    return switch (e.trouble()) {
      case UNREACHABLE, NO_SEALED_ANSWER, SERVER_NOT_ACCEPTED, OVERLOADED ->
          CommandException.unreachable(cause, advice);
      case CREDENTIAL_REFUSED, SUSPENDED, UNEXPECTED, STORAGE ->
          CommandException.refused(cause, advice);
    };
  }

  private void recovered(Task task) {
    json(event("recovered").put("task", name(task)));
    if (lastTrouble.remove(task) != null) {
      done(name(task) + ": works again");
    }
  }

  private void delivered(AgentEvent.Delivered e) {
    json(
        event("delivered")
            .put("sequence", e.sequence())
            .put("readings", e.readings())
            .put("waiting", e.waiting()));
    if (!delivered) {
      done("the server has the first " + e.readings() + " readings of this run");
      delivered = true;
    }
    endIfDone();
  }

  private void settingsNotApplied(AgentEvent.SettingsNotApplied e) {
    json(
        settings("settings-not-applied", e.version())
            .put("why", e.why())
            .put("retryInMs", e.retryIn().toMillis()));
    String cause = "settings version " + e.version() + " were not applied: " + e.why();
    if (once) {
      end.complete(
          Optional.of(
              CommandException.refused(cause, "what --on-settings printed is above this line")));
    } else {
      warn(cause);
    }
  }

  private void endIfDone() {
    if (once
        && inputEnded
        && settingsCurrent
        && queue.filter(q -> q.size() == 0).isPresent()
        && end.complete(Optional.empty())) {
      done("all lines are delivered, and the settings are current");
    }
  }

  private static ObjectNode certificate(String name, String sha256, String until) {
    return event(name).put("certificate", sha256).put("until", until);
  }

  private static ObjectNode settings(String name, long version) {
    return event(name).put("version", version);
  }

  private static ObjectNode event(String name) {
    return Json.object().put("event", name);
  }

  private static String name(Enum<?> value) {
    return value.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
  }

  private void done(String fact) {
    write(() -> output.done(fact));
  }

  private void warn(String text) {
    if (!output.isJson()) {
      output.terminal().warning(text);
    }
  }

  private void json(ObjectNode event) {
    write(() -> output.json(event));
  }

  private interface Writing {
    void run() throws CommandException;
  }

  /** A device goes on when nobody listens any more. */
  private void write(Writing writing) {
    if (silent) {
      return;
    }
    try {
      writing.run();
    } catch (CommandException e) {
      silent = true;
    }
  }
}
