// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server;

import static dev.countersign.server.ServerConfig.require;

import dev.countersign.server.http.HttpLimits;
import java.time.Duration;

/**
 * What is taken before it is refused, for each listener by itself.
 *
 * @param maxRequestBytes body of a device's request; more is 413
 * @param maxHeaderBytes header fields of a request together; more is 431
 * @param maxConcurrentRequests requests being worked on; more are 503
 * @param maxPipelinedRequests requests that wait behind another on one connection; with more it is
 *     closed
 * @param maxBodyBytesInMemory bodies of all requests without an answer; more are 503
 * @param maxWaiting devices that wait for settings at once; more are 503
 * @param idleTimeoutSeconds a connection without traffic is closed after this; above the 60 s that
 *     a device may wait for settings
 * @param handshakeTimeoutSeconds TLS must be up within this
 * @param requestTimeoutSeconds a request must be whole within this from its first byte; else 408
 * @param answerTimeoutSeconds a peer that does not take its answer for so long is cut off
 * @param maxImportBytes body of an operator's request; more is 413
 * @param maxCachedDevices devices whose credentials, settings and quotas are kept at hand
 */
public record Limits(
    int maxRequestBytes,
    int maxHeaderBytes,
    int maxConcurrentRequests,
    int maxPipelinedRequests,
    long maxBodyBytesInMemory,
    int maxWaiting,
    int idleTimeoutSeconds,
    int handshakeTimeoutSeconds,
    int requestTimeoutSeconds,
    int answerTimeoutSeconds,
    int maxImportBytes,
    int maxCachedDevices,
    Connections connections,
    Quota quota,
    Enrolment enrolment,
    Relays relays) {
  static final Limits DEFAULT =
      new Limits(
          65_536,
          8_192,
          4_096,
          16,
          67_108_864,
          50_000,
          120,
          10,
          30,
          60,
          16_777_216,
          100_000,
          new Connections(60_000, 10_000, 4_000, 1_000),
          new Quota(6_000, 1_000, 1_073_741_824),
          new Enrolment(30, 600),
          new Relays(60_000, 10_000, 30, 600, 100_000));

  public Limits {
    require(maxRequestBytes >= 1024, "limits.maxRequestBytes", "at least 1024");
    require(maxHeaderBytes >= 1024, "limits.maxHeaderBytes", "at least 1024");
    require(maxConcurrentRequests >= 1, "limits.maxConcurrentRequests", "at least 1");
    require(maxPipelinedRequests >= 1, "limits.maxPipelinedRequests", "at least 1");
    require(maxWaiting >= 1, "limits.maxWaiting", "at least 1");
    require(idleTimeoutSeconds > 60, "limits.idleTimeoutSeconds", "more than 60");
    require(handshakeTimeoutSeconds >= 1, "limits.handshakeTimeoutSeconds", "at least 1");
    require(requestTimeoutSeconds >= 1, "limits.requestTimeoutSeconds", "at least 1");
    require(answerTimeoutSeconds >= 1, "limits.answerTimeoutSeconds", "at least 1");
    require(maxImportBytes >= 1024, "limits.maxImportBytes", "at least 1024");
    require(maxCachedDevices >= 100, "limits.maxCachedDevices", "at least 100");
    require(
        maxBodyBytesInMemory >= Math.max(maxRequestBytes, maxImportBytes),
        "limits.maxBodyBytesInMemory",
        "at least maxRequestBytes and maxImportBytes");
  }

  /**
   * Connections of the device listener; the other listeners take a tenth of it in all.
   *
   * @param max in all; lowered at the start if the process may not open as many files
   * @param maxPerAddress of one IPv4 address or one IPv6 network of 64 bits
   * @param maxHandshakes TLS handshakes under way in all
   * @param maxHandshakesPerAddress TLS handshakes under way of one address
   */
  public record Connections(
      int max, int maxPerAddress, int maxHandshakes, int maxHandshakesPerAddress) {
    public Connections {
      require(max >= 10, "limits.connections.max", "at least 10");
      require(maxPerAddress >= 1, "limits.connections.maxPerAddress", "at least 1");
      require(maxHandshakes >= 1, "limits.connections.maxHandshakes", "at least 1");
      require(
          maxHandshakesPerAddress >= 1, "limits.connections.maxHandshakesPerAddress", "at least 1");
    }
  }

  /**
   * What one device may ask for; more is 429.
   *
   * @param requestsPerMinute on average
   * @param burst requests at once after a rest
   * @param bytesPerDay of bodies and queries
   */
  public record Quota(int requestsPerMinute, int burst, long bytesPerDay) {
    public Quota {
      require(
          requestsPerMinute >= 1 && requestsPerMinute <= 60_000_000,
          "limits.quota.requestsPerMinute",
          "1 to 60000000");
      require(burst >= 1, "limits.quota.burst", "at least 1");
      require(
          bytesPerDay >= 1024 && bytesPerDay <= 1L << 46,
          "limits.quota.bytesPerDay",
          "1024 to 2^46");
    }
  }

  /**
   * Failed attempts with tokens from one address; more are 429, whatever they show.
   *
   * @param maxFailuresPerAddress within the window
   * @param windowSeconds how long it takes until all failures are forgotten
   */
  public record Enrolment(int maxFailuresPerAddress, int windowSeconds) {
    public Enrolment {
      require(maxFailuresPerAddress >= 1, "limits.enrolment.maxFailuresPerAddress", "at least 1");
      require(windowSeconds >= 1, "limits.enrolment.windowSeconds", "at least 1");
    }
  }

  /**
   * Deliveries of relays.
   *
   * @param deliveriesPerMinute of one relay on average; more are 429
   * @param burst deliveries of one relay at once after a rest
   * @param maxFailuresPerAddress deliveries refused from one address within the window until
   *     further bad ones are 429; good ones are let in
   * @param windowSeconds how long it takes until all failures are forgotten
   * @param maxRememberedDeliveries of all relays; each for ten minutes at most
   */
  public record Relays(
      int deliveriesPerMinute,
      int burst,
      int maxFailuresPerAddress,
      int windowSeconds,
      int maxRememberedDeliveries) {
    public Relays {
      require(
          deliveriesPerMinute >= 1 && deliveriesPerMinute <= 60_000_000,
          "limits.relays.deliveriesPerMinute",
          "1 to 60000000");
      require(burst >= 1, "limits.relays.burst", "at least 1");
      require(maxFailuresPerAddress >= 1, "limits.relays.maxFailuresPerAddress", "at least 1");
      require(windowSeconds >= 1, "limits.relays.windowSeconds", "at least 1");
      require(
          maxRememberedDeliveries >= 100, "limits.relays.maxRememberedDeliveries", "at least 100");
    }
  }

  HttpLimits forDevices() {
    return listener(
        maxRequestBytes,
        new HttpLimits.Connections(
            connections.max(),
            connections.maxPerAddress(),
            connections.maxHandshakes(),
            connections.maxHandshakesPerAddress()));
  }

  /** Room of its own: whoever floods the devices' port does not lock out the operators. */
  HttpLimits forOperators() {
    return listener(maxImportBytes, aTenth());
  }

  HttpLimits forPlain() {
    return listener(maxRequestBytes, aTenth());
  }

  private HttpLimits.Connections aTenth() {
    int max = connections.max() / 10;
    return new HttpLimits.Connections(
        max,
        Math.min(max, connections.maxPerAddress()),
        Math.min(max, connections.maxHandshakes()),
        Math.min(max, connections.maxHandshakesPerAddress()));
  }

  private HttpLimits listener(int maxBytes, HttpLimits.Connections most) {
    return new HttpLimits(
        maxBytes,
        maxHeaderBytes,
        maxConcurrentRequests,
        maxPipelinedRequests,
        maxBodyBytesInMemory,
        new HttpLimits.Timeouts(
            Duration.ofSeconds(idleTimeoutSeconds),
            Duration.ofSeconds(handshakeTimeoutSeconds),
            Duration.ofSeconds(requestTimeoutSeconds),
            Duration.ofSeconds(answerTimeoutSeconds)),
        most);
  }

  /** The same limits for so many connections of devices. */
  Limits withMaxConnections(int most) {
    return new Limits(
        maxRequestBytes,
        maxHeaderBytes,
        maxConcurrentRequests,
        maxPipelinedRequests,
        maxBodyBytesInMemory,
        maxWaiting,
        idleTimeoutSeconds,
        handshakeTimeoutSeconds,
        requestTimeoutSeconds,
        answerTimeoutSeconds,
        maxImportBytes,
        maxCachedDevices,
        new Connections(
            most,
            connections.maxPerAddress(),
            connections.maxHandshakes(),
            connections.maxHandshakesPerAddress()),
        quota,
        enrolment,
        relays);
  }
}
