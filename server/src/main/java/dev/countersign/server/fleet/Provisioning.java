// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.fleet;

import dev.countersign.protocol.DeviceSerial;
import dev.countersign.protocol.Sha256;
import dev.countersign.protocol.est.EnrolmentToken;
import dev.countersign.protocol.keys.DeviceKey;
import dev.countersign.server.audit.AuditEvent;
import dev.countersign.server.audit.AuditLog;
import dev.countersign.server.credentials.AuthenticatedOperator;
import dev.countersign.server.credentials.CredentialCache;
import dev.countersign.server.database.Database;
import dev.countersign.server.database.Transaction;
import dev.countersign.server.enrolment.EnrolmentTokens;
import dev.countersign.server.registry.Device;
import dev.countersign.server.registry.DeviceStatus;
import dev.countersign.server.registry.Devices;
import dev.countersign.server.registry.NewDevice;
import dev.countersign.server.secrets.ClearSecret;
import dev.countersign.server.secrets.SecretCheck;
import dev.countersign.server.secrets.SharedSecrets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntConsumer;

/** Adds devices and makes their enrolment tokens. */
public final class Provisioning {
  /** How long a token lives unless the operator says otherwise. */
  public static final Duration DEFAULT_TOKEN_LIFE = Duration.ofDays(7);

  public static final Duration MAX_TOKEN_LIFE = Duration.ofDays(365);

  private static final int PROGRESS_STEP = 500;

  private final Database database;
  private final Devices devices;
  private final EnrolmentTokens tokens;
  private final SharedCredentials shared;
  private final AuditLog audit;
  private final Sha256 rootFingerprint;
  private final Clock clock;
  private final SecureRandom random;

  public Provisioning(
      Database database,
      Devices devices,
      EnrolmentTokens tokens,
      SharedSecrets secrets,
      CredentialCache cache,
      AuditLog audit,
      Sha256 rootFingerprint,
      Clock clock,
      SecureRandom random) {
    this.database = database;
    this.devices = devices;
    this.tokens = tokens;
    this.shared = new SharedCredentials(devices, secrets, cache);
    this.audit = audit;
    this.rootFingerprint = rootFingerprint;
    this.clock = clock;
    this.random = random;
  }

  /** Adds one device with a token; empty if the serial exists. */
  public Optional<TokenGrant> add(NewDevice device, AuthenticatedOperator operator) {
    return database.write(tx -> {
      Instant now = clock.instant();
      Optional<Device> added = devices.add(tx, device, now);
      if (added.isEmpty()) {
        return Optional.<TokenGrant>empty();
      }
      audit.append(
          tx, now, operator.actor(), new AuditEvent.DeviceAdded(device.serial(), device.model()));
      return Optional.of(grant(tx, added.get(), DEFAULT_TOKEN_LIFE, operator));
    });
  }

  /** What came of adding a device with a shared key. */
  public sealed interface SharedResult {
    /** It was added; what the grant holds is for its operator alone. */
    record Added(SecretGrant grant) implements SharedResult {}

    /** The serial exists. */
    record Exists() implements SharedResult {}

    /** The secret is not fit to be one. */
    record UnfitSecret(String reason) implements SharedResult {}
  }

  /**
   * Adds one device with a key that it shares with this server.
   *
   * @param credential its secret is overwritten when this returns; without one, one is made
   */
  public SharedResult add(
      NewDevice device, NewCredential.Shared credential, AuthenticatedOperator operator) {
    Optional<ClearSecret> given = credential.secret();
    Optional<ClearSecret> made =
        given.isPresent() ? Optional.empty() : Optional.of(ClearSecret.generate(random));
    ClearSecret secret = given.or(() -> made).orElseThrow();
    try (DeviceKey key = secret.toKey()) {
      Optional<String> problem = SecretCheck.problem(secret, device.serial());
      if (problem.isPresent()) {
        return new SharedResult.UnfitSecret(problem.get());
      }
      return database.write(tx -> addShared(tx, device, credential, made, key, operator));
    } finally {
      credential.forget();
    }
  }

  private SharedResult addShared(
      Transaction tx,
      NewDevice device,
      NewCredential.Shared credential,
      Optional<ClearSecret> made,
      DeviceKey key,
      AuthenticatedOperator operator) {
    Instant now = clock.instant();
    Optional<Device> holder = shared.holderOf(tx, key);
    if (holder.isPresent()) {
      return new SharedResult.UnfitSecret(sameSecret(holder.get()));
    }
    Optional<Device> added = devices.add(tx, device, now);
    if (added.isEmpty()) {
      return new SharedResult.Exists();
    }
    shared.give(tx, added.get(), credential, key, now);
    audit.append(
        tx, now, operator.actor(), new AuditEvent.DeviceAdded(device.serial(), device.model()));
    var grant = new SecretGrant(device.serial(), credential, made, key);
    audit.append(
        tx,
        now,
        operator.actor(),
        new AuditEvent.SecretGiven(
            device.serial(), credential.kind().wireName(), grant.keyId().hex()));
    return new SharedResult.Added(grant);
  }

  private static String sameSecret(Device holder) {
    return "the secret of " + holder.serial() + " too: expected one of its own for each device";
  }

  /** Makes a new token and voids the one before it. */
  public FleetChange<TokenGrant> token(
      DeviceSerial serial, Duration life, AuthenticatedOperator operator) {
    return database.write(tx -> {
      Optional<Device> device = devices.find(tx, serial);
      if (device.isEmpty()) {
        return new FleetChange.NoSuchDevice<TokenGrant>();
      }
      if (device.get().status() == DeviceStatus.REVOKED) {
        return new FleetChange.NotPossible<TokenGrant>(
            serial + " is revoked for good; 'device remove' and 'device add' make a new one");
      }
      return new FleetChange.Done<>(grant(tx, device.get(), life, operator));
    });
  }

  private TokenGrant grant(
      Transaction tx, Device device, Duration life, AuthenticatedOperator operator) {
    Instant now = clock.instant();
    TokenGrant grant = store(tx, device, life, now);
    audit.append(
        tx, now, operator.actor(), new AuditEvent.TokenIssued(device.serial(), grant.expiresAt()));
    return grant;
  }

  private TokenGrant store(Transaction tx, Device device, Duration life, Instant now) {
    EnrolmentToken token = EnrolmentToken.generate(rootFingerprint, random);
    Instant expiresAt = now.plus(life).truncatedTo(ChronoUnit.SECONDS);
    tokens.replace(tx, device.id(), token.secretHash(), now, expiresAt);
    return new TokenGrant(device.serial(), token, expiresAt);
  }

  /** What came of an import. */
  public sealed interface ImportResult {
    /** All were added; with tokens if they were asked for. */
    record Imported(int count, List<TokenGrant> tokens) implements ImportResult {}

    /** None was added. */
    record Refused(List<DeviceCsv.Refusal> refusals) implements ImportResult {}
  }

  /**
   * Adds all devices of a list, or none.
   *
   * @param withTokens whether each gets an enrolment token
   * @param progress is told how many were added so far, now and then, before the commit
   */
  public ImportResult importAll(
      List<DeviceCsv.Row> rows,
      boolean withTokens,
      IntConsumer progress,
      AuthenticatedOperator operator) {
    try {
      return database.write(tx -> addAll(tx, rows, withTokens, progress, operator));
    } catch (ImportRefused e) {
      return new ImportResult.Refused(e.refusals);
    }
  }

  private ImportResult addAll(
      Transaction tx,
      List<DeviceCsv.Row> rows,
      boolean withTokens,
      IntConsumer progress,
      AuthenticatedOperator operator)
      throws ImportRefused {
    Instant now = clock.instant();
    var refusals = new ArrayList<DeviceCsv.Refusal>();
    var grants = new ArrayList<TokenGrant>();
    int count = 0;
    for (DeviceCsv.Row row : rows) {
      Optional<Device> added = devices.add(tx, row.device(), now);
      if (added.isEmpty()) {
        refusals.add(
            new DeviceCsv.Refusal(
                row.line(), "serial", row.device().serial() + " is registered already"));
      } else {
        switch (row.credential()) {
          case NewCredential.Certificate _ -> {
            if (withTokens && refusals.isEmpty()) {
              grants.add(store(tx, added.get(), DEFAULT_TOKEN_LIFE, now));
            }
          }
          case NewCredential.Shared credential ->
              giveImported(tx, added.get(), row.line(), credential, now).ifPresent(refusals::add);
        }
      }
      if (++count % PROGRESS_STEP == 0) {
        progress.accept(count);
      }
    }
    if (!refusals.isEmpty()) {
      throw new ImportRefused(refusals); // undoes what was added before the bad line
    }
    audit.append(tx, now, operator.actor(), new AuditEvent.DevicesImported(rows.size()));
    return new ImportResult.Imported(rows.size(), grants);
  }

  private Optional<DeviceCsv.Refusal> giveImported(
      Transaction tx, Device device, long line, NewCredential.Shared credential, Instant now) {
    try (DeviceKey key = credential.secret().orElseThrow().toKey()) {
      Optional<Device> holder = shared.holderOf(tx, key);
      if (holder.isPresent()) {
        return Optional.of(new DeviceCsv.Refusal(line, "secret", sameSecret(holder.get())));
      }
      shared.give(tx, device, credential, key, now);
      return Optional.empty();
    }
  }

  private static final class ImportRefused extends Exception {
    private static final long serialVersionUID = 1L;
    private final transient List<DeviceCsv.Refusal> refusals;

    ImportRefused(List<DeviceCsv.Refusal> refusals) {
      super(null, null, false, false);
      this.refusals = refusals;
    }
  }
}
