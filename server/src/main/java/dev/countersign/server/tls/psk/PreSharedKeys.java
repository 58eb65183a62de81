// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.tls.psk;

import dev.countersign.protocol.DeviceSerial;
import java.util.List;
import java.util.Optional;

/** Finds the keys of those who connect, as of now. Used by many threads, which may wait in it. */
@FunctionalInterface
public interface PreSharedKeys {
  /** More are not tried for one identity. */
  int MAX_CANDIDATES = 4;

  /**
   * Who may have said this. An identity that opens nothing costs the same and gets a key that
   * nobody holds.
   *
   * @param identity as it came, 1 to 65 535 bytes of anything
   */
  Offer find(byte[] identity);

  /**
   * What an identity stands for.
   *
   * @param candidates the keys to try, 1 to {@value PreSharedKeys#MAX_CANDIDATES}
   * @param refusal why nobody can come in by this identity, if so; then the candidates are keys
   *     that nobody holds
   */
  record Offer(List<PreSharedKey> candidates, Optional<Refusal> refusal) {
    public Offer {
      candidates = List.copyOf(candidates);
      if (candidates.isEmpty() || candidates.size() > MAX_CANDIDATES) {
        throw new IllegalArgumentException(
            "expected 1 to " + MAX_CANDIDATES + " keys, got " + candidates.size());
      }
    }

    public static Offer of(List<PreSharedKey> candidates) {
      return new Offer(candidates, Optional.empty());
    }

    /**
     * Nobody comes in by this identity.
     *
     * @param nobody a key that nobody holds
     * @param serial whom the identity names, if it names a device that exists
     */
    public static Offer refused(
        PreSharedKey nobody, PskRefusedException.Ground ground, Optional<DeviceSerial> serial) {
      return new Offer(List.of(nobody), Optional.of(new Refusal(ground, serial)));
    }
  }

  /** For the journal; the peer is never told. */
  record Refusal(PskRefusedException.Ground ground, Optional<DeviceSerial> serial) {}
}
