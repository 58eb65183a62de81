// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.enrolment;

import dev.countersign.protocol.Sha256;
import dev.countersign.server.database.Transaction;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The tokens in memory. */
public final class InMemoryEnrolmentTokens implements EnrolmentTokens {
  private final Map<Long, TokenRecord> byDevice = new HashMap<>();

  @Override
  public void replace(
      Transaction tx, long deviceId, Sha256 secretHash, Instant createdAt, Instant expiresAt) {
    put(
        tx,
        deviceId,
        new TokenRecord(
            deviceId,
            secretHash,
            createdAt.truncatedTo(ChronoUnit.MILLIS),
            expiresAt.truncatedTo(ChronoUnit.MILLIS),
            0,
            false,
            Optional.empty(),
            Optional.empty(),
            Optional.empty()));
  }

  @Override
  public Optional<TokenRecord> find(Transaction tx, long deviceId) {
    return Optional.ofNullable(byDevice.get(deviceId));
  }

  @Override
  public int addFailure(Transaction tx, long deviceId) {
    var t = existing(deviceId);
    put(
        tx,
        deviceId,
        new TokenRecord(
            deviceId,
            t.secretHash(),
            t.createdAt(),
            t.expiresAt(),
            t.failures() + 1,
            t.voided(),
            t.boundKey(),
            t.certificateId(),
            t.usedAt()));
    return t.failures() + 1;
  }

  @Override
  public void voidToken(Transaction tx, long deviceId) {
    var t = existing(deviceId);
    put(
        tx,
        deviceId,
        new TokenRecord(
            deviceId,
            t.secretHash(),
            t.createdAt(),
            t.expiresAt(),
            t.failures(),
            true,
            t.boundKey(),
            t.certificateId(),
            t.usedAt()));
  }

  @Override
  public void use(Transaction tx, long deviceId, Sha256 key, long certificateId, Instant at) {
    var t = existing(deviceId);
    put(
        tx,
        deviceId,
        new TokenRecord(
            deviceId,
            t.secretHash(),
            t.createdAt(),
            t.expiresAt(),
            t.failures(),
            t.voided(),
            Optional.of(key),
            Optional.of(certificateId),
            Optional.of(at.truncatedTo(ChronoUnit.MILLIS))));
  }

  /** What the database does when the device goes. */
  public void remove(Transaction tx, long deviceId) {
    put(tx, deviceId, null);
  }

  private TokenRecord existing(long deviceId) {
    var token = byDevice.get(deviceId);
    if (token == null) {
      throw new IllegalStateException("device " + deviceId + " has no enrolment token");
    }
    return token;
  }

  private void put(Transaction tx, long deviceId, @Nullable TokenRecord token) {
    var before = byDevice.get(deviceId);
    set(deviceId, token);
    tx.onRollback(() -> set(deviceId, before));
  }

  private void set(long deviceId, @Nullable TokenRecord token) {
    if (token == null) {
      byDevice.remove(deviceId);
    } else {
      byDevice.put(deviceId, token);
    }
  }
}
