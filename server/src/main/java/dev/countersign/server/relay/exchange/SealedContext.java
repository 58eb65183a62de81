// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.relay.exchange;

import dev.countersign.protocol.Hexadecimal;
import dev.countersign.server.credentials.Level;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The security context that counts for a generation of a device's key and a level. Immutable.
 *
 * <p>A device without one has the first, which has no ID Context.
 */
public final class SealedContext {
  private final long deviceId;
  private final int generation;
  private final int level;
  private final int series;
  private final byte @Nullable [] idContext;
  private final boolean established;
  private final boolean mustResync;

  SealedContext(
      long deviceId,
      int generation,
      int level,
      int series,
      byte @Nullable [] idContext,
      boolean established,
      boolean mustResync) {
    this.deviceId = deviceId;
    this.generation = generation;
    this.level = level;
    this.series = series;
    this.idContext = idContext;
    this.established = established;
    this.mustResync = mustResync;
  }

  public long deviceId() {
    return deviceId;
  }

  public int generation() {
    return generation;
  }

  /** {@link Level#MAC} or {@link Level#SEALED}. */
  public int level() {
    return level;
  }

  /** The series of its numbers, below 0: random, so that none is ever begun a second time. */
  public int series() {
    return series;
  }

  public Optional<byte[]> idContext() {
    return Optional.ofNullable(idContext).map(byte[]::clone);
  }

  /** Whether a number of it was claimed. */
  public boolean isEstablished() {
    return established;
  }

  /** Whether nothing but a new agreement is answered. */
  public boolean mustResync() {
    return mustResync;
  }

  /** The same after its first number was claimed. */
  SealedContext asEstablished() {
    return new SealedContext(deviceId, generation, level, series, idContext, true, false);
  }

  boolean hasIdContext(byte[] other) {
    return Arrays.equals(idContext, other);
  }

  /** Its window's name for relay health. */
  String window() {
    return generation + "/" + level + "/" + Hexadecimal.encode(idContextBytes());
  }

  private byte[] idContextBytes() {
    return idContext == null ? new byte[0] : idContext;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SealedContext that
        && deviceId == that.deviceId
        && generation == that.generation
        && level == that.level
        && series == that.series
        && Arrays.equals(idContext, that.idContext)
        && established == that.established
        && mustResync == that.mustResync;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(deviceId) ^ series;
  }

  @Override
  public String toString() {
    return "SealedContext[device " + deviceId + ", " + window() + "]";
  }
}
