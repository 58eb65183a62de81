// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.tls.psk;

import dev.countersign.protocol.DeviceSerial;
import java.util.Optional;
import javax.net.ssl.SSLHandshakeException;

/** A handshake that came to nothing for want of a key. For the journal: no peer sees it. */
public final class PskRefusedException extends SSLHandshakeException {
  private static final long serialVersionUID = 1L;

  /** What was wrong. */
  public enum Ground {
    NOT_OFFERED("no pre-shared key was offered"),
    UNKNOWN_IDENTITY("the identity belongs to no device"),
    WRONG_KEY("the key is not the one of this identity"),
    DEVICE_REVOKED("the device is revoked"),
    DEVICE_SUSPENDED("the device is suspended"),
    LEVEL_TOO_LOW("the device has to come by a stronger way");

    private final String meaning;

    Ground(String meaning) {
      this.meaning = meaning;
    }
  }

  private final Ground ground;
  private final transient Optional<DeviceSerial> serial;

  PskRefusedException(PreSharedKeys.Refusal refusal, String detail, Throwable cause) {
    super(refusal.ground().meaning + (detail.isEmpty() ? "" : ": " + detail));
    initCause(cause);
    this.ground = refusal.ground();
    this.serial = refusal.serial();
  }

  public Ground ground() {
    return ground;
  }

  /** Whom the peer named, unproven. */
  public Optional<DeviceSerial> serial() {
    return serial;
  }
}
