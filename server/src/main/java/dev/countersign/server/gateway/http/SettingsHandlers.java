// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.gateway.http;

import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.settings.SettingsAnswer;
import dev.countersign.protocol.settings.SettingsReceipt;
import dev.countersign.server.credentials.AuthenticatedDevice;
import dev.countersign.server.credentials.CredentialRefusedException;
import dev.countersign.server.http.Answer;
import dev.countersign.server.http.Exchange;
import dev.countersign.server.http.Problem;
import dev.countersign.server.settings.DeviceSettings;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code /v1/settings}: what a device shall do, at once or as soon as it changes. */
final class SettingsHandlers {
  private static final Duration MAX_WAIT = Duration.ofSeconds(60);
  private static final Duration RETRY_AFTER = Duration.ofSeconds(30);

  /** RFC 7240 §4.3; other preferences are none of ours. */
  private static final Pattern WAIT = Pattern.compile("(?:^|[,;\\s])wait=(\\d{1,6})(?:$|[,;\\s])");

  private static final Pattern OUR_ETAG = Pattern.compile("(?:W/)?\"(\\d{1,18})\"");

  private final DeviceSettings settings;
  private final DeviceGate gate;
  private final Semaphore waits;
  private final Executor virtualThreads;

  SettingsHandlers(
      DeviceSettings settings, DeviceGate gate, int maxWaiting, Executor virtualThreads) {
    this.settings = settings;
    this.gate = gate;
    this.waits = new Semaphore(maxWaiting);
    this.virtualThreads = virtualThreads;
  }

  Answer get(AuthenticatedDevice device, Exchange exchange) {
    if (!acceptsJson(exchange)) {
      return Problem.of(
          406, "not-acceptable", "Not acceptable", "settings are served as application/json");
    }
    OptionalLong known = knownVersion(exchange);
    if (known.isEmpty() || settings.currentVersion(device) != known.getAsLong()) {
      return full(device);
    }
    Optional<Duration> wait = wait(exchange);
    if (wait.isEmpty()) {
      return notModified(known.getAsLong());
    }
    if (!waits.tryAcquire()) {
      return Problem.overloaded(RETRY_AFTER); // to answer at once would make it ask at once again
    }
    return new Answer.Later(
        settings
            .awaitChange(device, known.getAsLong(), wait.get())
            .whenComplete((changed, error) -> waits.release())
            .thenApplyAsync(changed -> afterWait(exchange, known.getAsLong()), virtualThreads));
  }

  /** Nothing new, and nobody who would wait for it: most of what is asked here. */
  Optional<Answer> getAtOnce(AuthenticatedDevice device, Exchange exchange) {
    OptionalLong known = knownVersion(exchange);
    return known.isPresent()
            && known.equals(settings.versionAtHand(device))
            && wait(exchange).isEmpty()
            && acceptsJson(exchange)
        ? Optional.of(notModified(known.getAsLong()))
        : Optional.empty();
  }

  /** A minute may have passed: who is on the line is asked again. */
  private Answer.Complete afterWait(Exchange exchange, long known) {
    try {
      AuthenticatedDevice device = gate.authenticate(exchange.connection());
      return settings.currentVersion(device) == known ? notModified(known) : full(device);
    } catch (CredentialRefusedException e) {
      return gate.refused(exchange, e);
    }
  }

  Answer applied(AuthenticatedDevice device, Exchange exchange) throws MalformedException {
    settings.applied(device, SettingsReceipt.parse(exchange.body()));
    return Answer.NO_CONTENT;
  }

  private Answer.Complete full(AuthenticatedDevice device) {
    SettingsAnswer answer = settings.answerFor(device);
    return Answer.bytes(200, "application/json", answer.toJson())
        .with("ETag", answer.etag())
        .with("Cache-Control", "private, no-cache");
  }

  private static Answer.Complete notModified(long version) {
    return new Answer.Complete(
        304,
        Map.of("ETag", SettingsAnswer.etag(version), "Cache-Control", "private, no-cache"),
        new byte[0]);
  }

  private static OptionalLong knownVersion(Exchange exchange) {
    String etag = exchange.header("If-None-Match").orElse("").strip();
    Matcher matcher = OUR_ETAG.matcher(etag);
    return matcher.matches()
        ? OptionalLong.of(Long.parseLong(matcher.group(1)))
        : OptionalLong.empty();
  }

  private static Optional<Duration> wait(Exchange exchange) {
    Matcher matcher = WAIT.matcher(exchange.header("Prefer").orElse(""));
    if (!matcher.find()) {
      return Optional.empty();
    }
    Duration asked = Duration.ofSeconds(Long.parseLong(matcher.group(1)));
    return Optional.of(asked.compareTo(MAX_WAIT) > 0 ? MAX_WAIT : asked);
  }

  private static boolean acceptsJson(Exchange exchange) {
    String accept = exchange.header("Accept").orElse("*/*");
    return accept.contains("*/*")
        || accept.contains("application/*")
        || accept.contains("application/json");
  }
}
