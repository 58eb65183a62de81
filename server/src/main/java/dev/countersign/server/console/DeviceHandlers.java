// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.console;

import dev.countersign.protocol.DeviceSerial;
import dev.countersign.protocol.MalformedException;
import dev.countersign.server.credentials.AuthenticatedOperator;
import dev.countersign.server.fleet.DeviceCsv;
import dev.countersign.server.fleet.DeviceDirectory;
import dev.countersign.server.fleet.DeviceLifecycle;
import dev.countersign.server.fleet.FleetChange;
import dev.countersign.server.fleet.NewCredential;
import dev.countersign.server.fleet.Provisioning;
import dev.countersign.server.fleet.SecretGrant;
import dev.countersign.server.http.Answer;
import dev.countersign.server.http.Exchange;
import dev.countersign.server.http.Problem;
import dev.countersign.server.registry.Device;
import dev.countersign.server.registry.DeviceStatus;
import dev.countersign.server.registry.NewDevice;
import dev.countersign.server.secrets.ClearSecret;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** {@code /v1/devices}. */
final class DeviceHandlers {
  static final int MAX_PAGE = 1000;
  private static final int MAX_REASON_CHARS = 200;

  private final Provisioning provisioning;
  private final DeviceLifecycle lifecycle;
  private final DeviceDirectory directory;
  private final Clock clock;

  DeviceHandlers(
      Provisioning provisioning,
      DeviceLifecycle lifecycle,
      DeviceDirectory directory,
      Clock clock) {
    this.provisioning = provisioning;
    this.lifecycle = lifecycle;
    this.directory = directory;
    this.clock = clock;
  }

  Answer add(AuthenticatedOperator operator, Exchange exchange) throws MalformedException {
    var body =
        RequestBody.parse(
            exchange.body(), "serial", "model", "credential", "clock", "secret", "algorithm");
    exchange.forgetBody();
    DeviceSerial serial = DeviceSerial.parse(body.requiredText("serial"));
    var device =
        new NewDevice(
            serial, DeviceCsv.checkModel(body.text("model").orElse("")), body.flag("clock", true));
    return switch (credential(body)) {
      case NewCredential.Certificate _ ->
          provisioning
              .add(device, operator)
              .map(grant -> secret(201, Views.grant(grant)))
              .orElseGet(() -> exists(serial, "'device token' makes a new token"));
      case NewCredential.Shared shared -> addShared(device, shared, operator);
    };
  }

  private static NewCredential credential(RequestBody body) throws MalformedException {
    Optional<String> kind = Optional.of(body.text("credential").orElse("certificate"));
    Optional<String> algorithm = body.text("algorithm");
    Optional<String> text = body.text("secret");
    return NewCredential.parse(
        kind,
        algorithm,
        text.isPresent() ? Optional.of(ClearSecret.parse(text.get())) : Optional.empty());
  }

  private Answer addShared(
      NewDevice device, NewCredential.Shared shared, AuthenticatedOperator operator)
      throws MalformedException {
    return switch (provisioning.add(device, shared, operator)) {
      case Provisioning.SharedResult.Added(SecretGrant grant) -> {
        try (grant) {
          yield secret(201, Views.grant(grant));
        }
      }
      case Provisioning.SharedResult.Exists() ->
          exists(device.serial(), "'device show' says with which credential");
      case Provisioning.SharedResult.UnfitSecret(String reason) ->
          throw new MalformedException("secret", reason);
    };
  }

  private static Answer.Complete exists(DeviceSerial serial, String advice) {
    return Problem.conflict("device-exists", serial + " is registered; " + advice);
  }

  /** An answer that holds a secret is for nobody's cache. */
  private static Answer.Complete secret(int status, Object view) {
    return Answer.json(status, view).with("Cache-Control", "no-store");
  }

  Answer token(AuthenticatedOperator operator, Exchange exchange) throws MalformedException {
    var body = RequestBody.parse(exchange.body(), "validFor");
    Duration life =
        body.duration("validFor", Provisioning.DEFAULT_TOKEN_LIFE, Provisioning.MAX_TOKEN_LIFE);
    return answer(
        provisioning.token(serial(exchange), life, operator),
        grant -> secret(200, Views.grant(grant)));
  }

  Answer list(AuthenticatedOperator operator, Exchange exchange) throws MalformedException {
    exchange.onlyQueryParameters("status", "after", "limit");
    Optional<DeviceStatus> status = Optional.empty();
    Optional<String> wanted = exchange.queryParameter("status");
    if (wanted.isPresent()) {
      status = Optional.of(status(wanted.get()));
    }
    Optional<DeviceSerial> after = Optional.empty();
    if (exchange.queryParameter("after").isPresent()) {
      after = Optional.of(DeviceSerial.parse(exchange.queryParameter("after").get()));
    }
    var page = directory.list(status, after, limit(exchange));
    return new Answer.Lines(sink -> {
      for (Device device : page) {
        sink.line(Views.device(device));
      }
    });
  }

  static int limit(Exchange exchange) throws MalformedException {
    long limit = exchange.queryNumber("limit").orElse(MAX_PAGE);
    return (int) Math.max(1, Math.min(limit, MAX_PAGE));
  }

  private static DeviceStatus status(String text) throws MalformedException {
    return Arrays.stream(DeviceStatus.values())
        .filter(status -> status.wireName().equals(text.toLowerCase(Locale.ROOT)))
        .findFirst()
        .orElseThrow(() ->
            new MalformedException("status", "expected pending, active, suspended or revoked"));
  }

  Answer show(AuthenticatedOperator operator, Exchange exchange) throws MalformedException {
    return directory
        .show(serial(exchange))
        .map(entry -> Answer.json(200, Views.device(entry, clock.instant())))
        .orElseGet(DeviceHandlers::noSuchDevice);
  }

  Answer suspend(AuthenticatedOperator operator, Exchange exchange) throws MalformedException {
    return changed(lifecycle.suspend(serial(exchange), reason(exchange), operator));
  }

  Answer resume(AuthenticatedOperator operator, Exchange exchange) throws MalformedException {
    return changed(lifecycle.resume(serial(exchange), reason(exchange), operator));
  }

  Answer revoke(AuthenticatedOperator operator, Exchange exchange) throws MalformedException {
    return changed(lifecycle.revoke(serial(exchange), reason(exchange), operator));
  }

  Answer remove(AuthenticatedOperator operator, Exchange exchange) throws MalformedException {
    return lifecycle.remove(serial(exchange), operator) ? Answer.NO_CONTENT : noSuchDevice();
  }

  private static Answer.Complete changed(FleetChange<Device> change) {
    return answer(change, device -> Answer.json(200, Views.device(device)));
  }

  private static <T> Answer.Complete answer(
      FleetChange<T> change, Function<T, Answer.Complete> done) {
    return switch (change) {
      case FleetChange.Done<T>(T result) -> done.apply(result);
      case FleetChange.NoSuchDevice<T>() -> noSuchDevice();
      case FleetChange.NotPossible<T>(String why) -> Problem.conflict("device-state", why);
    };
  }

  static Answer.Complete noSuchDevice() {
    return Problem.notFound("no such device; 'device list' shows those that there are");
  }

  static DeviceSerial serial(Exchange exchange) throws MalformedException {
    return DeviceSerial.parse(exchange.pathParameter("serial"));
  }

  private static String reason(Exchange exchange) throws MalformedException {
    return reason(RequestBody.parse(exchange.body(), "reason"));
  }

  /** Why an operator does something; the audit log keeps it. */
  static String reason(RequestBody body) throws MalformedException {
    String reason = body.requiredText("reason").strip();
    if (reason.isEmpty() || reason.length() > MAX_REASON_CHARS) {
      throw new MalformedException("reason", "expected 1 to " + MAX_REASON_CHARS + " characters");
    }
    return reason;
  }

  /** All or none, with progress while it goes on. */
  Answer importCsv(AuthenticatedOperator operator, Exchange exchange) throws MalformedException {
    exchange.onlyQueryParameters("tokens");
    String tokens = exchange.queryParameter("tokens").orElse("false");
    if (!tokens.equals("true") && !tokens.equals("false")) {
      throw new MalformedException("tokens", "expected true or false");
    }
    boolean withTokens = tokens.equals("true");
    DeviceCsv.Parsed list = DeviceCsv.parse(exchange.body());
    exchange.forgetBody();
    return new Answer.Lines(sink -> {
      try (list) {
        importAll(list, withTokens, operator, sink);
      }
    });
  }

  private void importAll(
      DeviceCsv.Parsed parsed,
      boolean withTokens,
      AuthenticatedOperator operator,
      Answer.LineSink sink)
      throws InterruptedException {
    if (!parsed.refusals().isEmpty()) {
      sink.line(Map.of("refused", parsed.refusals()));
      return;
    }
    int total = parsed.rows().size();
    var progress = new ArrayBlockingQueue<Integer>(1024);
    var work =
        new FutureTask<>(
            (Callable<Provisioning.ImportResult>)
                () -> provisioning.importAll(parsed.rows(), withTokens, progress::offer, operator));
    Thread.ofVirtual().name("import").start(work);
    while (!work.isDone() || !progress.isEmpty()) {
      Integer checked = progress.poll(100, TimeUnit.MILLISECONDS);
      if (checked != null) {
        sink.line(Map.of("checked", checked, "of", total));
      }
    }
    report(sink, result(work));
  }

  private static Provisioning.ImportResult result(FutureTask<Provisioning.ImportResult> work)
      throws InterruptedException {
    try {
      return work.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause
          ? cause
          : new IllegalStateException(e.getCause());
    }
  }

  private static void report(Answer.LineSink sink, Provisioning.ImportResult result)
      throws InterruptedException {
    switch (result) {
      case Provisioning.ImportResult.Refused refused ->
          sink.line(Map.of("refused", refused.refusals()));
      case Provisioning.ImportResult.Imported imported -> {
        for (var grant : imported.tokens()) {
          sink.line(Views.grant(grant));
        }
        sink.line(Map.of("imported", imported.count()));
      }
    }
  }
}
