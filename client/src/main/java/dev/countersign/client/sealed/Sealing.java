// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.sealed;

import dev.countersign.protocol.ProtocolException;
import dev.countersign.protocol.sealed.InnerMessage;
import dev.countersign.protocol.sealed.SealedMessage;
import dev.countersign.protocol.sealed.SentRequest;
import java.io.IOException;

/** One key of a device, with its numbers, at one of the two levels. Not thread-safe. */
interface Sealing extends AutoCloseable {
  /** A rise with each rekey. */
  int generation();

  /** Whether it must ask the server for a new beginning before it can seal. */
  boolean isLost();

  /** The server seems not to know the context: numbers or context were lost on one side. */
  void lose();

  /** Seals a request under the next number. */
  SentRequest seal(InnerMessage request) throws IOException;

  /** Opens the answer; what a success says about the context is durable when it returns. */
  InnerMessage open(SentRequest sent, SealedMessage answer) throws IOException, ProtocolException;

  /** Agrees with the server on a new beginning. */
  void recover(Carrying carrying) throws IOException, ProtocolException;

  /** Characters of the token of such a request. */
  int tokenChars(InnerMessage request);

  /** Carries one message, once. */
  interface Carrying {
    SealedMessage exchange(SealedMessage message) throws IOException, ProtocolException;
  }

  @Override
  void close();
}
