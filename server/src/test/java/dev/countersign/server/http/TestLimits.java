// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.http;

import java.time.Duration;

/** Limits that nobody meets, but for what a test makes small. */
public final class TestLimits {
  private int concurrentRequests = 100;
  private int pipelinedRequests = 16;
  private long bodyBytesInMemory = 1L << 30;
  private Duration idle = Duration.ofSeconds(60);
  private Duration handshake = Duration.ofSeconds(20);
  private Duration request = Duration.ofSeconds(30);
  private Duration answer = Duration.ofSeconds(30);
  private HttpLimits.Connections connections =
      new HttpLimits.Connections(10_000, 10_000, 10_000, 10_000);

  private TestLimits() {}

  public static TestLimits limits() {
    return new TestLimits();
  }

  TestLimits withConcurrentRequests(int max) {
    concurrentRequests = max;
    return this;
  }

  TestLimits withPipelinedRequests(int max) {
    pipelinedRequests = max;
    return this;
  }

  TestLimits withBodyBytesInMemory(long max) {
    bodyBytesInMemory = max;
    return this;
  }

  TestLimits withHandshakeTimeout(Duration timeout) {
    handshake = timeout;
    return this;
  }

  TestLimits withRequestTimeout(Duration timeout) {
    request = timeout;
    return this;
  }

  TestLimits withAnswerTimeout(Duration timeout) {
    answer = timeout;
    return this;
  }

  TestLimits withConnections(HttpLimits.Connections most) {
    connections = most;
    return this;
  }

  HttpLimits build() {
    return new HttpLimits(
        65_536,
        8_192,
        concurrentRequests,
        pipelinedRequests,
        bodyBytesInMemory,
        new HttpLimits.Timeouts(idle, handshake, request, answer),
        connections);
  }
}
