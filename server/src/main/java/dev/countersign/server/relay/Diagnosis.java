// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.relay;

import dev.countersign.protocol.DeviceSerial;
import java.util.Optional;

/**
 * What the exchange found out about one message, for health and never for the peer.
 *
 * @param device whose it is: proven by the tag, or for {@link Finding#ALTERED} only named by the
 *     key id; empty if nobody could be found
 * @param position where it stands in the device's sequence, if a tag proved that
 */
public record Diagnosis(Finding finding, Optional<Sender> device, Optional<Position> position) {
  /** A device of the registry. */
  public record Sender(long deviceId, DeviceSerial serial) {}

  /**
   * A sequence number.
   *
   * @param window names the window it counts in, such as key id and ID context in hexadecimal: with
   *     another one the numbers begin anew
   */
  public record Position(String window, long sequence) {}

  /** What kind of message it was. */
  public enum Finding {
    /** The first time, within the window. */
    FRESH,
    /** The same bytes again, soon enough for the same answer. */
    DUPLICATE,
    /** A number that was used: with other bytes, or after the time for duplicates. */
    REPLAYED,
    /** Below the window, and by what is known never seen. */
    LATE,
    /** The key id is a device's, and no tag verified. */
    ALTERED,
    /** No device has this key id, or it may not use this way in. */
    UNPROVEN,
    /** Not a sealed message at all. */
    MALFORMED,
    /** Not looked at, or not stored: overload. */
    NOT_TAKEN
  }

  /** A finding about nobody in particular. */
  public static Diagnosis of(Finding finding) {
    return new Diagnosis(finding, Optional.empty(), Optional.empty());
  }

  /** A finding about a device without a number. */
  public static Diagnosis of(Finding finding, Sender device) {
    return new Diagnosis(finding, Optional.of(device), Optional.empty());
  }

  /** A finding about a message whose tag verified. */
  public static Diagnosis of(Finding finding, Sender device, Position position) {
    return new Diagnosis(finding, Optional.of(device), Optional.of(position));
  }
}
