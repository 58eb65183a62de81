// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.enrolment;

import dev.countersign.protocol.DeviceSerial;
import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.Sha256;
import dev.countersign.protocol.est.EnrolmentToken;
import dev.countersign.server.audit.AuditEvent;
import dev.countersign.server.audit.AuditLog;
import dev.countersign.server.credentials.CredentialRefusedException;
import dev.countersign.server.credentials.CredentialRefusedException.Reason;
import dev.countersign.server.database.Database;
import dev.countersign.server.registry.Device;
import dev.countersign.server.registry.DeviceStatus;
import dev.countersign.server.registry.Devices;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * Lets a device in that shows its one-time token. The only maker of {@link AdmittedDevice}.
 *
 * <p>An unknown serial, a wrong token, a voided one and one for another device do the same work and
 * look the same. Five failures void a token: whoever guesses is stopped, and the operator is told.
 */
public final class Admission {
  static final int MAX_FAILURES = 5;

  /** How long the same key may fetch the same certificate again, should the answer be lost. */
  static final Duration REPEAT_WINDOW = Duration.ofHours(24);

  /** Compared with where there is no token, so that there always is a comparison. */
  private static final Sha256 NO_TOKEN = Sha256.wrap(new byte[Sha256.BYTES]);

  private final Database database;
  private final Devices devices;
  private final EnrolmentTokens tokens;
  private final AuditLog audit;
  private final Clock clock;
  private final Executor background;

  /**
   * @param background runs what the peer must not be able to time
   */
  public Admission(
      Database database,
      Devices devices,
      EnrolmentTokens tokens,
      AuditLog audit,
      Clock clock,
      Executor background) {
    this.database = database;
    this.devices = devices;
    this.tokens = tokens;
    this.audit = audit;
    this.clock = clock;
    this.background = background;
  }

  private record Candidate(Device device, Optional<TokenRecord> token) {}

  /**
   * Admits a device that shows its token.
   *
   * @param serial what the device calls itself
   * @param token what it shows, as it came
   */
  public AdmittedDevice admit(String serial, String token) throws CredentialRefusedException {
    Optional<Candidate> candidate = find(serial);
    boolean matches =
        matches(token, candidate.flatMap(Candidate::token).map(TokenRecord::secretHash));
    if (candidate.isEmpty()) {
      throw new CredentialRefusedException(Reason.UNKNOWN_SERIAL, "");
    }
    Device device = candidate.get().device();
    TokenRecord known = candidate.get().token().orElse(null);
    if (known == null) {
      throw new CredentialRefusedException(Reason.NO_TOKEN, serial);
    }
    if (!matches) {
      countFailure(device);
      throw new CredentialRefusedException(Reason.WRONG_TOKEN, serial);
    }
    requireUsable(known, clock.instant(), serial);
    if (device.status() == DeviceStatus.REVOKED) {
      throw new CredentialRefusedException(Reason.REVOKED, serial);
    }
    if (device.status() == DeviceStatus.SUSPENDED) {
      throw new CredentialRefusedException(Reason.SUSPENDED, serial);
    }
    return new AdmittedDevice(device);
  }

  private Optional<Candidate> find(String text) {
    Optional<DeviceSerial> serial = parsed(text);
    return database.read(tx ->
        serial
            .flatMap(s -> devices.find(tx, s))
            .map(device -> new Candidate(device, tokens.find(tx, device.id()))));
  }

  private static Optional<DeviceSerial> parsed(String text) {
    try {
      return Optional.of(DeviceSerial.parse(text));
    } catch (MalformedException e) {
      return Optional.empty();
    }
  }

  private static boolean matches(String text, Optional<Sha256> stored) {
    try {
      // Both in constant time and both always, whether or not there is a token to compare with.
      return EnrolmentToken.parse(text).matches(stored.orElse(NO_TOKEN)) && stored.isPresent();
    } catch (MalformedException e) {
      return false;
    }
  }

  private static void requireUsable(TokenRecord token, Instant now, String serial)
      throws CredentialRefusedException {
    if (token.voided()) {
      throw new CredentialRefusedException(Reason.TOKEN_VOID, serial);
    }
    if (now.isAfter(token.expiresAt())) {
      throw new CredentialRefusedException(Reason.TOKEN_EXPIRED, serial + ", " + token.expiresAt());
    }
    if (token.usedAt().filter(used -> now.isAfter(used.plus(REPEAT_WINDOW))).isPresent()) {
      throw new CredentialRefusedException(Reason.TOKEN_USED, serial);
    }
  }

  /** Off the peer's clock: a commit takes time that an unknown serial would not take. */
  void countFailure(Device device) {
    background.execute(() ->
        database.write(tx -> {
          Optional<TokenRecord> token = tokens.find(tx, device.id());
          if (token.isPresent()
              && !token.get().voided()
              && tokens.addFailure(tx, device.id()) >= MAX_FAILURES) {
            tokens.voidToken(tx, device.id());
            audit.append(
                tx,
                clock.instant(),
                "server",
                new AuditEvent.TokenVoided(device.serial(), MAX_FAILURES + " failed attempts"));
          }
          return null;
        }));
  }
}
