// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.http;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Error answers (RFC 9457). {@code type} names an entry of {@code docs/operations.md} that explains
 * the cause and the remedy.
 */
public final class Problem {
  /** RFC 9457 §3. */
  public static final String CONTENT_TYPE = "application/problem+json";

  /**
   * The one answer to every failed credential, byte for byte: it tells nobody whether the serial
   * exists, the token was close, or the certificate was once good. RFC 9110 §11.6.1 asks for the
   * challenge; EST clients wait for it.
   */
  public static final Answer.Complete UNAUTHENTICATED =
      of(401, "unauthenticated", "Credential refused", "the operator's journal has the reason")
          .with("WWW-Authenticate", "Basic realm=\"countersign\"");

  private static final Duration DISK_FULL_RETRY = Duration.ofSeconds(60);

  private Problem() {}

  /**
   * A problem of any kind.
   *
   * @param type short name, the last part of the type URN
   * @param detail what was wrong here and what to do; never a secret
   */
  public static Answer.Complete of(int status, String type, String title, String detail) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("type", "urn:countersign:problem:" + type);
    fields.put("title", title);
    fields.put("status", status);
    fields.put("detail", detail);
    return new Answer.Complete(
        status,
        Map.of("Content-Type", CONTENT_TYPE, "Cache-Control", "no-store"),
        Answer.JSON.writeValueAsBytes(fields));
  }

  public static Answer.Complete malformed(String detail) {
    return of(400, "malformed", "Malformed request", detail);
  }

  public static Answer.Complete notFound(String what) {
    return of(404, "not-found", "Not found", what);
  }

  public static Answer.Complete conflict(String type, String detail) {
    return of(409, type, "Conflict", detail);
  }

  public static Answer.Complete tooLarge(long maxBytes) {
    return of(413, "too-large", "Body too large", "expected at most " + maxBytes + " bytes");
  }

  public static Answer.Complete overloaded(Duration retryAfter) {
    return of(503, "overloaded", "Overloaded", "nothing was stored; try again later")
        .with("Retry-After", Long.toString(retryAfter.toSeconds()));
  }

  /** Somebody has to make room first, which takes longer than an overload. */
  public static Answer.Complete diskFull() {
    return of(503, "disk-full", "Disk full", "nothing was stored; try again later")
        .with("Retry-After", Long.toString(DISK_FULL_RETRY.toSeconds()));
  }

  /** One device asks for more than its share. */
  public static Answer.Complete quota(long retryAfterSeconds) {
    return of(429, "quota", "Quota used up", "nothing was stored; this device sends too much")
        .with("Retry-After", Long.toString(retryAfterSeconds));
  }

  /**
   * Too many failed credentials came from one address. Says nothing about the one that came now.
   */
  public static Answer.Complete tooManyAttempts(long retryAfterSeconds) {
    return of(
            429,
            "too-many-token-failures",
            "Too many failed attempts",
            "enrolment from this address has to wait; what was shown now was not looked at")
        .with("Retry-After", Long.toString(retryAfterSeconds));
  }

  public static Answer.Complete internal() {
    return of(500, "internal", "Internal error", "the server's log has the cause");
  }
}
