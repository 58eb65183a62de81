// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.fleet;

import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.keys.SealedAlgorithm;
import dev.countersign.server.secrets.ClearSecret;
import dev.countersign.server.secrets.SecretKind;
import java.util.Optional;

/** With what a new device shall prove who it is. */
public sealed interface NewCredential {
  String EXPECTED = "expected certificate, psk, sealed or mac";

  /** A certificate, for which it enrols with a token. */
  record Certificate() implements NewCredential {}

  /**
   * A key that it shares with this server.
   *
   * @param secret what the key is made of; empty for one that is yet to be made
   */
  record Shared(SecretKind kind, SealedAlgorithm algorithm, Optional<ClearSecret> secret)
      implements NewCredential {}

  /**
   * Reads what somebody wrote.
   *
   * @param kind nothing stands for sealed if there is a secret, for a certificate if there is none
   * @param algorithm nothing stands for ccm
   * @param secret the credential closes it
   */
  static NewCredential parse(
      Optional<String> kind, Optional<String> algorithm, Optional<ClearSecret> secret)
      throws MalformedException {
    String wanted = kind.orElse(secret.isPresent() ? "sealed" : "certificate");
    if (wanted.equals("certificate")) {
      if (secret.isPresent()) {
        throw new MalformedException(
            "secret", "expected none beside a certificate, whose key the device makes itself");
      }
      if (algorithm.isPresent()) {
        throw new MalformedException("algorithm", "expected none beside a certificate");
      }
      return new Certificate();
    }
    SecretKind known =
        SecretKind.named(wanted).orElseThrow(() -> new MalformedException("credential", EXPECTED));
    String name = algorithm.orElse(SealedAlgorithm.CCM.wireName());
    SealedAlgorithm sealed =
        SealedAlgorithm.named(name)
            .orElseThrow(
                () -> new MalformedException("algorithm", "expected ccm, ccm8 or chacha20"));
    return new Shared(known, sealed, secret);
  }

  /** Overwrites the secret, if it has one. */
  default void forget() {
    if (this instanceof Shared shared) {
      shared.secret().ifPresent(ClearSecret::close);
    }
  }
}
