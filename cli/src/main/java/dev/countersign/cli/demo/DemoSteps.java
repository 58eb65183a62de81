// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.demo;

import dev.countersign.cli.remote.ApiPath;
import dev.countersign.cli.remote.Json;
import dev.countersign.cli.remote.OperatorClient;
import dev.countersign.cli.terminal.CommandException;
import dev.countersign.cli.terminal.Output;
import dev.countersign.client.DeviceClient;
import dev.countersign.client.identity.DeviceIdentity;
import dev.countersign.client.identity.FileIdentityStorage;
import dev.countersign.client.identity.IdentityStorage;
import dev.countersign.client.transport.ServerRefusedException;
import dev.countersign.pki.AuthorityProfile;
import dev.countersign.pki.CertificateAuthority;
import dev.countersign.pki.DeviceName;
import dev.countersign.pki.DeviceValidity;
import dev.countersign.pki.KeyPolicy;
import dev.countersign.pki.VerifiedRequest;
import dev.countersign.pki.key.KeyKind;
import dev.countersign.pki.key.SigningKey;
import dev.countersign.protocol.DeviceSerial;
import dev.countersign.protocol.ProtocolException;
import dev.countersign.protocol.Scalar;
import dev.countersign.protocol.Sha256;
import dev.countersign.protocol.est.EnrolmentToken;
import dev.countersign.protocol.settings.SettingsAnswer;
import dev.countersign.protocol.telemetry.Reading;
import dev.countersign.protocol.x509.CertificateRequest;
import dev.countersign.protocol.x509.Certificates;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** The steps of the demo. Each either is seen to hold, and printed, or ends the demo. */
final class DemoSteps {
  private static final DeviceSerial SERIAL = new DeviceSerial("DEMO-1");
  private static final int UNAUTHORIZED = 401;
  private static final Duration CUT_OFF_WITHIN = Duration.ofSeconds(1);

  private final URI server;
  private final OperatorClient operator;
  private final Path scratch;
  private final Output output;

  DemoSteps(URI server, OperatorClient operator, Path scratch, Output output) {
    this.server = server;
    this.operator = operator;
    this.scratch = scratch;
    this.output = output;
  }

  void run() throws CommandException {
    try {
      EnrolmentToken token = registerDevice();
      try (DeviceClient device = enrol(token)) {
        firstReading(device);
        settings(device);
        foreignCertificate(device.identity());
        revocation(device);
      }
      auditLog();
    } catch (IOException | ProtocolException | GeneralSecurityException e) {
      throw CommandException.refused(
          "a step did not hold: " + e.getMessage(), "the lines above say which was the last");
    }
  }

  private EnrolmentToken registerDevice() throws CommandException, ProtocolException {
    JsonNode added =
        operator.post(ApiPath.of("devices"), Json.object().put("serial", SERIAL.value()));
    output.done("device " + SERIAL + " registered, one-time token made");
    return EnrolmentToken.parse(added.path("enrolmentToken").asString(""));
  }

  private DeviceClient enrol(EnrolmentToken token)
      throws CommandException, IOException, ProtocolException, GeneralSecurityException {
    IdentityStorage storage = new FileIdentityStorage(scratch.resolve("device-" + SERIAL));
    DeviceClient device = DeviceClient.enrol(server, SERIAL, token, storage);
    output.done("server verified by the root's fingerprint in the token");
    output.done(
        "device enrolled with a key made on the device: "
            + Certificates.keyHash(device.identity().certificate()).hex().substring(0, 16)
            + "…");
    return device;
  }

  private void firstReading(DeviceClient device)
      throws CommandException, IOException, ProtocolException {
    device.send(List.of(new Reading("temperature", new Scalar.Numeric(21.5), null)));
    List<JsonNode> readings = readings();
    require(readings.size() == 1, "expected one reading, got " + readings.size());
    JsonNode reading = readings.getFirst();
    String key = Certificates.keyHash(device.identity().certificate()).hex();
    require(reading.path("keyId").asString("").equals(key), "the reading has another key");
    output.done("first authenticated reading, as the operator sees it:");
    output.text("    " + reading);
  }

  private List<JsonNode> readings() throws CommandException {
    var readings = new ArrayList<JsonNode>();
    operator.rows(
        ApiPath.of("devices", SERIAL.value(), "readings").with("last", 10), readings::add);
    return readings;
  }

  private void settings(DeviceClient device)
      throws CommandException, IOException, ProtocolException {
    ApiPath path = ApiPath.of("devices", SERIAL.value(), "settings");
    operator.patch(path, Json.object().put("interval", 60));
    SettingsAnswer answer = device.settings();
    require(
        new Scalar.Numeric(60).equals(answer.settings().values().get("interval")),
        "the device got other settings");
    require(
        device.awaitSettings(answer.version(), Duration.ZERO).isEmpty(),
        "unchanged settings were sent again");
    device.confirm(answer);
    JsonNode status = operator.get(path);
    require(
        status.path("applied").path("sha256").asString("").equals(answer.sha256().hex()),
        "the receipt did not arrive");
    output.done("setting interval=60 pulled, applied and confirmed by the device (version 1)");
  }

  /** Same name, same form, other authority. */
  private void foreignCertificate(DeviceIdentity genuine)
      throws CommandException, IOException, ProtocolException, GeneralSecurityException {
    var storage = new HeldIdentity(forged(genuine));
    try (DeviceClient impostor = DeviceClient.open(server, storage)) {
      impostor.send(List.of(new Reading("temperature", new Scalar.Numeric(99), null)));
      throw CommandException.refused(
          "a certificate of another authority was accepted", "this must never happen");
    } catch (ServerRefusedException e) {
      require(e.status() == UNAUTHORIZED, "expected 401, got " + e.status());
    }
    require(readings().size() == 1, "a false reading was stored");
    output.done("device with a certificate of another CA refused (401), nothing stored");
  }

  private static DeviceIdentity forged(DeviceIdentity genuine)
      throws ProtocolException, GeneralSecurityException {
    var random = new SecureRandom();
    Instant now = genuine.certificate().getNotBefore().toInstant();
    SigningKey rootKey = SigningKey.generate(KeyKind.P384, random);
    CertificateAuthority root =
        CertificateAuthority.createRoot("Impostor root", "Demo", rootKey, now, random);
    SigningKey key = SigningKey.generate(KeyKind.P256, random);
    X509Certificate certificate =
        root.issueAuthority(
            new AuthorityProfile.DeviceAuthority(), key.publicKey(), "Device CA", now);
    SigningKey deviceKey = SigningKey.generate(KeyKind.P256, random);
    var keys = new KeyPair(deviceKey.publicKey(), deviceKey.privateKey());
    X509Certificate leaf =
        new CertificateAuthority(certificate, key, random)
            .issueDevice(
                VerifiedRequest.verify(CertificateRequest.create(keys), KeyPolicy.standard()),
                new DeviceName("Demo", DeviceName.EXAMPLE_ENTERPRISE_NUMBER, SERIAL),
                DeviceValidity.forDevice(true),
                now);
    return new DeviceIdentity(SERIAL, keys.getPrivate(), leaf, genuine.root());
  }

  private void revocation(DeviceClient device)
      throws CommandException, IOException, ProtocolException {
    device.settings(); // so that there is an open connection to be cut
    long before = System.nanoTime();
    operator.post(
        ApiPath.of("devices", SERIAL.value(), "revoke"),
        Json.object().put("reason", "keyCompromise"));
    try {
      device.send(List.of(new Reading("temperature", new Scalar.Numeric(98), null)));
      throw CommandException.refused("a revoked device was accepted", "this must never happen");
    } catch (ServerRefusedException e) {
      require(e.status() == UNAUTHORIZED, "expected 401, got " + e.status());
    } catch (IOException e) {
      // The connection was closed under the request: cut off as well.
      require(readings().size() == 1, "a reading of a revoked device was stored");
    }
    Duration took = Duration.ofNanos(System.nanoTime() - before);
    require(took.compareTo(CUT_OFF_WITHIN) <= 0, "cut off only after " + took.toMillis() + " ms");
    output.done(
        "revoked device cut off while connected, "
            + took.toMillis()
            + " ms after the operator's command");
  }

  private void auditLog() throws CommandException {
    JsonNode verification = operator.get(ApiPath.of("audit", "verification"));
    require(verification.path("intact").asBoolean(false), "the audit log is broken");
    output.done(
        "audit log verified: "
            + verification.path("entries").asInt(0)
            + " entries, head "
            + verification.path("head").asString("").substring(0, 16)
            + "…");
  }

  private static void require(boolean holds, String otherwise) throws CommandException {
    if (!holds) {
      throw CommandException.refused(
          "a step did not hold: " + otherwise, "please report it with the lines above");
    }
  }

  /** An identity that was made up. */
  private record HeldIdentity(DeviceIdentity identity) implements IdentityStorage {
    @Override
    public KeyPair requestKey() {
      throw new IllegalStateException("an impostor does not enrol");
    }

    @Override
    public void discardRequestKey() {
      throw new IllegalStateException("an impostor does not enrol");
    }

    @Override
    public void tokenSpent(Sha256 token) {
      throw new IllegalStateException("an impostor does not enrol");
    }

    @Override
    public boolean isTokenSpent(Sha256 token) {
      return true;
    }

    @Override
    public Optional<DeviceIdentity> load() {
      return Optional.of(identity);
    }

    @Override
    public void store(DeviceIdentity other) {
      throw new IllegalStateException("an impostor does not enrol");
    }
  }
}
