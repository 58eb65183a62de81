// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.protocol.SecretAccess;
import dev.countersign.server.database.DatabaseException;
import dev.countersign.server.relay.RelaySecret;
import java.security.SecureRandom;
import java.util.Arrays;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Relays' secrets under the key-encryption key")
class WrappedRelaySecretsTest {
  private final SecureRandom random = new SecureRandom();
  private final WrappedRelaySecrets wrapping = new WrappedRelaySecrets(keys(1));
  private final RelaySecret secret = RelaySecret.generate(random);

  private KeyEncryptionKeys keys(int fill) {
    var key = new byte[KeyEncryptionKey.BYTES];
    Arrays.fill(key, (byte) fill);
    return KeyEncryptionKeys.of(key, random);
  }

  private static String text(RelaySecret secret) {
    return secret.text(SecretAccess.insecure());
  }

  @Test
  @DisplayName("a secret comes back as it was")
  void round_trips() {
    byte[] wrapped = wrapping.wrap("alpha", secret);
    assertThat(text(wrapping.unwrap("alpha", wrapped))).isEqualTo(text(secret));
    assertThat(wrapping.isCurrent(wrapped)).isTrue();
  }

  @Test
  @DisplayName("it opens for no other relay, and not when it was changed")
  void is_bound_to_its_relay() {
    byte[] wrapped = wrapping.wrap("alpha", secret);
    assertThatThrownBy(() -> wrapping.unwrap("beta", wrapped))
        .isInstanceOf(DatabaseException.class);
    wrapped[wrapped.length - 1] ^= 1;
    assertThatThrownBy(() -> wrapping.unwrap("alpha", wrapped))
        .isInstanceOf(DatabaseException.class);
  }

  @Test
  @DisplayName("without its key-encryption key it does not open")
  void needs_its_key() {
    byte[] wrapped = wrapping.wrap("alpha", secret);
    var other = new WrappedRelaySecrets(keys(2));
    assertThat(other.isCurrent(wrapped)).isFalse();
    assertThatThrownBy(() -> other.unwrap("alpha", wrapped)).isInstanceOf(DatabaseException.class);
  }
}
