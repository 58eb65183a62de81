// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.enrolment;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.protocol.Sha256;
import dev.countersign.server.database.Database;
import dev.countersign.server.database.Transaction;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What every {@link EnrolmentTokens} does. */
abstract class EnrolmentTokensContract {
  private static final Instant NOW = Instant.parse("2026-11-21T20:30:00.5Z");
  private static final Instant END = NOW.plus(Duration.ofDays(7));
  private static final Sha256 SECRET = Sha256.of("secret".getBytes(UTF_8));
  private static final Sha256 KEY = Sha256.of("key".getBytes(UTF_8));

  private Database database;
  private EnrolmentTokens tokens;
  private long device;

  abstract Database database();

  abstract EnrolmentTokens tokens();

  /** A device to which a token may belong. */
  abstract long addDevice(Transaction tx);

  /** Removes it with all that hangs on it. */
  abstract void removeDevice(Transaction tx, long id);

  /** A certificate that may be issued for a token. */
  abstract long addCertificate(Transaction tx);

  @BeforeEach
  void open() {
    database = database();
    tokens = tokens();
    device =
        database.<Long, RuntimeException>write(tx -> {
          long id = addDevice(tx);
          tokens.replace(tx, id, SECRET, NOW, END);
          return id;
        });
  }

  @AfterEach
  void close() {
    database.close();
  }

  private interface Change {
    void in(Transaction tx);
  }

  private void write(Change change) {
    database.<Boolean, RuntimeException>write(tx -> {
      change.in(tx);
      return true;
    });
  }

  private Optional<TokenRecord> token() {
    return database.<Optional<TokenRecord>, RuntimeException>read(tx -> tokens.find(tx, device));
  }

  private TokenRecord fresh() {
    return new TokenRecord(
        device, SECRET, NOW, END, 0, false, Optional.empty(), Optional.empty(), Optional.empty());
  }

  @Test
  @DisplayName("a new token is unused and valid")
  void keeps_token() {
    assertThat(token()).contains(fresh());
  }

  @Test
  @DisplayName("failures are counted one by one")
  void counts_failures() {
    for (int n = 1; n <= 5; n++) {
      int counted = database.<Integer, RuntimeException>write(tx -> tokens.addFailure(tx, device));
      assertThat(counted).isEqualTo(n);
    }
    assertThat(token().map(TokenRecord::failures)).contains(5);
  }

  @Test
  @DisplayName("a voided token stays, and says so")
  void voids() {
    write(tx -> tokens.voidToken(tx, device));
    assertThat(token().map(TokenRecord::voided)).contains(true);
  }

  @Test
  @DisplayName("a used token is bound to the key and the certificate")
  void binds_to_key() {
    long certificate = database.<Long, RuntimeException>write(this::addCertificate);
    write(tx -> tokens.use(tx, device, KEY, certificate, NOW));
    assertThat(token())
        .contains(
            new TokenRecord(
                device,
                SECRET,
                NOW,
                END,
                0,
                false,
                Optional.of(KEY),
                Optional.of(certificate),
                Optional.of(NOW)));
  }

  @Test
  @DisplayName("a new token takes the place of the old one, and nothing of that stays")
  void replaces() {
    long certificate = database.<Long, RuntimeException>write(this::addCertificate);
    write(tx -> tokens.addFailure(tx, device));
    write(tx -> tokens.use(tx, device, KEY, certificate, NOW));
    write(tx -> tokens.voidToken(tx, device));
    write(tx -> tokens.replace(tx, device, SECRET, NOW, END));
    assertThat(token()).contains(fresh());
  }

  @Test
  @DisplayName("a token goes with its device")
  void goes_with_device() {
    write(tx -> removeDevice(tx, device));
    assertThat(token()).isEmpty();
  }

  @Test
  @DisplayName("a change where there is no token is a bug")
  void refuses_change_without_token() {
    long none = device + 1;
    assertThatThrownBy(() -> write(tx -> tokens.addFailure(tx, none)))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> write(tx -> tokens.voidToken(tx, none)))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> write(tx -> tokens.use(tx, none, KEY, 1, NOW)))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  @DisplayName("a work that throws leaves the token as it was")
  void undoes_everything() {
    assertThatThrownBy(() ->
            database.write(tx -> {
              tokens.addFailure(tx, device);
              tokens.voidToken(tx, device);
              tokens.replace(tx, device, KEY, NOW, NOW);
              throw new IOException("no");
            }))
        .isInstanceOf(IOException.class);
    assertThat(token()).contains(fresh());
  }
}
