// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.protocol.Sha256;
import dev.countersign.server.database.Database;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What every {@link Relays} does. */
abstract class RelaysContract {
  private static final Instant NOW = Instant.parse("2026-11-21T20:30:00.5Z");
  private static final Instant LATER = NOW.plusSeconds(1);
  private static final NewRelay SIGNED = new NewRelay("alpha", RelayMode.SIGNED, "o", false);
  private static final NewRelay STATIC = new NewRelay("beta", RelayMode.STATIC, "data.o", true);
  private static final RelayCredential WRAPPED = new RelayCredential.Wrapped(new byte[] {1, 2, 3});
  private static final RelayCredential HASHED =
      new RelayCredential.Hashed(Sha256.of(new byte[] {4}));

  private Database database;
  private Relays relays;

  abstract Database database();

  abstract Relays relays();

  @BeforeEach
  void open() {
    database = database();
    relays = relays();
  }

  @AfterEach
  void close() {
    database.close();
  }

  private Optional<RelayAccount> add(NewRelay relay, RelayCredential credential) {
    return database.<Optional<RelayAccount>, RuntimeException>write(
        tx -> relays.add(tx, relay, credential, NOW, "anna"));
  }

  private List<StoredRelay> list() {
    return database.<List<StoredRelay>, RuntimeException>read(relays::list);
  }

  @Test
  @DisplayName("an account comes back as it was added, with what is kept of its secret")
  void keeps_accounts() {
    RelayAccount alpha = add(SIGNED, WRAPPED).orElseThrow();
    RelayAccount beta = add(STATIC, HASHED).orElseThrow();
    assertThat(alpha.isFrozen()).isFalse();
    assertThat(alpha.createdAt()).isEqualTo(NOW);
    assertThat(beta)
        .isEqualTo(
            new RelayAccount(
                beta.id(),
                "beta",
                RelayMode.STATIC,
                "data.o",
                true,
                NOW,
                "anna",
                Optional.empty(),
                Optional.empty()));
    assertThat(list()).extracting(StoredRelay::account).containsExactly(alpha, beta);
    assertThat(((RelayCredential.Wrapped) list().getFirst().credential()).bytes())
        .containsExactly(1, 2, 3);
    assertThat(list().getLast().credential()).isEqualTo(HASHED);
  }

  @Test
  @DisplayName("a name has one account")
  void adds_once() {
    add(SIGNED, WRAPPED);
    assertThat(add(SIGNED, WRAPPED)).isEmpty();
    assertThat(list()).hasSize(1);
  }

  @Test
  @DisplayName("an account is frozen and let go on")
  void freezes() {
    add(SIGNED, WRAPPED);
    assertThat(freeze("alpha", Optional.of(LATER))).isTrue();
    assertThat(list().getFirst().account().frozenAt()).contains(LATER);
    assertThat(freeze("alpha", Optional.empty())).isTrue();
    assertThat(list().getFirst().account().frozenAt()).isEmpty();
    assertThat(freeze("gamma", Optional.of(LATER))).isFalse();
  }

  private boolean freeze(String name, Optional<Instant> at) {
    return database.<Boolean, RuntimeException>write(tx -> relays.setFrozen(tx, name, at));
  }

  @Test
  @DisplayName("the last use never goes back")
  void notes_use() {
    long id = add(SIGNED, WRAPPED).orElseThrow().id();
    for (Instant at : List.of(LATER, NOW)) {
      database.write(tx -> {
        relays.used(tx, id, at);
        return null;
      });
    }
    assertThat(list().getFirst().account().lastUsed()).contains(LATER);
  }

  @Test
  @DisplayName("a secret can be put under another wrapping")
  void rewraps() {
    long id = add(SIGNED, WRAPPED).orElseThrow().id();
    database.write(tx -> {
      relays.rewrap(tx, id, new RelayCredential.Wrapped(new byte[] {9}));
      return null;
    });
    assertThat(((RelayCredential.Wrapped) list().getFirst().credential()).bytes())
        .containsExactly(9);
  }

  @Test
  @DisplayName("a work that throws leaves the accounts as they were")
  void undoes_everything() {
    RelayAccount alpha = add(SIGNED, WRAPPED).orElseThrow();
    assertThatThrownBy(() ->
            database.write(tx -> {
              relays.add(tx, STATIC, HASHED, NOW, "anna");
              relays.setFrozen(tx, "alpha", Optional.of(NOW));
              relays.used(tx, alpha.id(), NOW);
              throw new IOException("no");
            }))
        .isInstanceOf(IOException.class);
    assertThat(list()).extracting(StoredRelay::account).containsExactly(alpha);
  }
}
