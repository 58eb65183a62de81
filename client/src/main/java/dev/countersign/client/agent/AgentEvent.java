// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.agent;

import dev.countersign.protocol.Sha256;
import dev.countersign.protocol.keys.KeyId;
import java.time.Duration;
import java.time.Instant;

/** What an agent tells. Never holds readings, settings or secrets. */
public sealed interface AgentEvent {
  /** What an agent does at the same time. */
  enum Task {
    ENROLMENT,
    READINGS,
    SETTINGS
  }

  /** It has an identity from before, valid until this instant. */
  record Opened(Sha256 certificate, Instant until) implements AgentEvent {}

  /**
   * Its messages are sealed.
   *
   * @param generation which key in a row seals them
   */
  record OpenedSealed(int generation) implements AgentEvent {}

  /** It proves itself by a key from its pre-set secret. */
  record OpenedByKey(KeyId keyId) implements AgentEvent {}

  /** It enrolled by its token, with a key made on this device. */
  record Enrolled(Sha256 certificate, Instant until) implements AgentEvent {}

  /** It has a new key and certificate in place of the ones before. */
  record Renewed(Sha256 certificate, Instant until) implements AgentEvent {}

  /**
   * Something does not work, and is tried again.
   *
   * @param why what was wrong
   * @param attempt from 1, since it worked last
   * @param retryIn until it is tried again
   */
  record Waiting(Task task, Trouble trouble, String why, int attempt, Duration retryIn)
      implements AgentEvent {}

  /** What did not work works again. */
  record Recovered(Task task) implements AgentEvent {}

  /** It cannot go on; a person has to do something. */
  record Ended(String why, String advice) implements AgentEvent {}

  /**
   * The server has a message.
   *
   * @param waiting entries that are still in the queue
   */
  record Delivered(long sequence, int readings, long waiting) implements AgentEvent {}

  /** The queue is full: nothing more is taken until there is room. */
  record QueueFull(long entries) implements AgentEvent {}

  /** The queue takes again. */
  record QueueHasRoom() implements AgentEvent {}

  /** Something was found and mended when the queue was opened. */
  record QueueMended(String finding) implements AgentEvent {}

  /**
   * The server knows another message under this number: it goes on with a higher one. This state
   * was copied or restored, or another device has the same identity.
   */
  record NumberRefused(long sequence, long next, String why) implements AgentEvent {}

  /** The server will never take these readings; they were put aside in the queue's directory. */
  record ReadingsRefused(long sequence, int readings, String why) implements AgentEvent {}

  /** New settings are on this device, and are to be applied. */
  record SettingsReceived(long version) implements AgentEvent {}

  /** Settings that must not be applied; the ones before stay. */
  record SettingsRefused(long version, String why) implements AgentEvent {}

  /** Settings could not be applied, and are tried again. */
  record SettingsNotApplied(long version, String why, Duration retryIn) implements AgentEvent {}

  /** Settings are in force. */
  record SettingsApplied(long version) implements AgentEvent {}

  /** The server knows that settings are in force. */
  record SettingsConfirmed(long version) implements AgentEvent {}

  /** The server would not take the word that settings are in force. */
  record ReceiptRefused(long version, String why) implements AgentEvent {}

  /** The server was asked, and there is nothing left to do about settings. */
  record SettingsCurrent(long version) implements AgentEvent {}

  /** The time floor could not be stored; it holds while this process runs. */
  record FloorNotStored(String why) implements AgentEvent {}
}
