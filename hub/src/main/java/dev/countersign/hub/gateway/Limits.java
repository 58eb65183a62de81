// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.hub.gateway;

import java.time.Duration;

/**
 * What one port of a hub may take of its memory and time. A hub has a handful of phones; strangers
 * on its hotspot get what is left.
 *
 * @param maxHandshakes TLS handshakes under way at once
 * @param maxStrangers connections of who is on no list
 * @param maxStrangersPerAddress of them, from one address
 * @param strangersLife how long one of them may stay; pairing takes seconds
 * @param maxConnectionsPerPhone of one phone
 * @param maxRequestBytes of a body
 * @param maxConcurrentRequests that wait for the device or the disk
 * @param handshake until a connection has its keys
 * @param idle until a silent connection is closed
 */
public record Limits(
    int maxHandshakes,
    int maxStrangers,
    int maxStrangersPerAddress,
    Duration strangersLife,
    int maxConnectionsPerPhone,
    int maxRequestBytes,
    int maxConcurrentRequests,
    Duration handshake,
    Duration idle) {
  /** For a household. */
  public static final Limits STANDARD =
      new Limits(
          32,
          32,
          16,
          Duration.ofMinutes(1),
          8,
          16 * 1024,
          64,
          Duration.ofSeconds(10),
          Duration.ofSeconds(75));
}
