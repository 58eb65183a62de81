// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.integration.conformance;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.countersign.client.DeviceClient;
import dev.countersign.client.identity.FileIdentityStorage;
import dev.countersign.client.transport.Endpoint;
import dev.countersign.client.transport.JdkTransport;
import dev.countersign.client.transport.ServerRefusedException;
import dev.countersign.client.transport.ServerTrust;
import dev.countersign.client.transport.TimeFloor;
import dev.countersign.client.transport.Transport;
import dev.countersign.client.transport.Transport.Request;
import dev.countersign.integration.AgentProcess;
import dev.countersign.integration.MutableClock;
import dev.countersign.integration.OperatorCalls;
import dev.countersign.integration.TestDevice;
import dev.countersign.integration.TestServer;
import dev.countersign.integration.TlsIdentity;
import dev.countersign.pki.AuthorityProfile;
import dev.countersign.pki.CertificateAuthority;
import dev.countersign.pki.ServerName;
import dev.countersign.pki.key.KeyKind;
import dev.countersign.pki.key.SigningKey;
import dev.countersign.protocol.DeviceSerial;
import dev.countersign.protocol.Scalar;
import dev.countersign.protocol.est.EnrolmentToken;
import dev.countersign.protocol.telemetry.Reading;
import dev.countersign.protocol.x509.Certificates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

@TestInstance(Lifecycle.PER_CLASS)
@DisplayName("The device SDK talks to its own server and to nobody else [A10]")
class ClientVerificationTest {
  /** When the authorities were made; certificates of then have ended before any SDK was made. */
  private static final Instant LONG_AGO = Instant.parse("2026-06-01T00:00:00Z");

  /** The machine's clock is asked by neither side. */
  private static final Instant NOW = Instant.parse("2026-12-01T00:00:00Z");

  private static final List<Reading> READINGS =
      List.of(new Reading("secret", new Scalar.Numeric(1), null));

  private final MutableClock clock = MutableClock.at(LONG_AGO);
  private final SecureRandom random = new SecureRandom();
  private Path scratch = Path.of("");
  private TestServer server;
  private OperatorCalls operator;
  private TestDevice device;
  private FileIdentityStorage enrolled;

  @BeforeAll
  void startServer(@TempDir Path directory) throws Exception {
    scratch = directory;
    server = TestServer.start(directory.resolve("data"), clock);
    clock.set(NOW);
    server.restart();
    operator = server.operator();
    device = server.enrol("CV-OTHER");
    enrolled = new FileIdentityStorage(directory.resolve("enrolled"));
    DeviceClient.enrol(server.deviceUrl(), new DeviceSerial("CV-1"), token("CV-1"), enrolled)
        .close();
  }

  @AfterAll
  void stopServer() {
    server.close();
  }

  private EnrolmentToken token(String serial) throws Exception {
    return EnrolmentToken.parse(operator.addDevice(serial));
  }

  /** Servers that are not the device's, and what each of them has. */
  enum Impostor {
    /** Signs itself, with the right name. */
    SELF_SIGNED,
    /** A hierarchy as the maker's, with the same names, below another root. */
    OTHER_AUTHORITY,
    /** The maker's server CA, for another name. */
    OTHER_NAME,
    /** A genuine device of the same maker. */
    DEVICE,
    /** A genuine device's key below a certificate for this server's name, made by that device. */
    DEVICE_AS_AUTHORITY,
    /** A genuine operator. */
    OPERATOR,
    /** The maker's server, with a certificate from before the floor. */
    ENDED_BEFORE_THE_FLOOR
  }

  private TlsIdentity impostor(Impostor kind) throws Exception {
    return switch (kind) {
      case SELF_SIGNED -> selfSigned(device.identity());
      case OTHER_AUTHORITY -> otherAuthority();
      case OTHER_NAME -> issued(List.of("127.0.0.1"), clock.instant());
      case DEVICE ->
          new TlsIdentity(
              device.keys().getPrivate(),
              List.of(device.identity().certificate(), authorityCertificate("device-ca"), root()));
      case DEVICE_AS_AUTHORITY -> belowDevice();
      case OPERATOR ->
          new TlsIdentity(
              operator.identity().key(),
              List.of(
                  operator.identity().certificate(), authorityCertificate("operator-ca"), root()));
      case ENDED_BEFORE_THE_FLOOR -> issued(List.of("localhost"), LONG_AGO);
    };
  }

  private X509Certificate root() {
    return server.root();
  }

  private X509Certificate authorityCertificate(String name) throws Exception {
    Path file = server.directory().path().resolve("ca").resolve(name + ".pem");
    return Certificates.parsePem(Files.readString(file, US_ASCII)).getFirst();
  }

  /** A certificate of the real server CA. */
  private TlsIdentity issued(List<String> names, Instant at) throws Exception {
    X509Certificate certificate = authorityCertificate("server-ca");
    SigningKey key =
        SigningKey.parsePem(Files.readString(server.directory().keys().resolve("server-ca.key")));
    return issued(new CertificateAuthority(certificate, key, random), names, at);
  }

  private TlsIdentity issued(CertificateAuthority authority, List<String> names, Instant at)
      throws Exception {
    KeyPair keys = TestDevice.newKeys();
    X509Certificate leaf = authority.issueServer(keys.getPublic(), serverNames(names), at);
    return new TlsIdentity(keys.getPrivate(), List.of(leaf, authority.certificate(), root()));
  }

  private static List<ServerName> serverNames(List<String> names) throws Exception {
    var parsed = Stream.<ServerName>builder();
    for (String name : names) {
      parsed.add(ServerName.parse(name));
    }
    return parsed.build().toList();
  }

  private TlsIdentity otherAuthority() throws Exception {
    CertificateAuthority other =
        CertificateAuthority.createRoot(
            "Countersign root",
            "Maker",
            SigningKey.generate(KeyKind.P384, random),
            clock.instant(),
            random);
    SigningKey key = SigningKey.generate(KeyKind.P256, random);
    X509Certificate certificate =
        other.issueAuthority(
            new AuthorityProfile.ServerAuthority(serverNames(List.of("localhost"))),
            key.publicKey(),
            "Server CA",
            clock.instant());
    return issued(
        new CertificateAuthority(certificate, key, random), List.of("localhost"), clock.instant());
  }

  private TlsIdentity selfSigned(TlsIdentity genuine) throws Exception {
    TlsIdentity leaf = ServerForgery.signedBy(genuine.key(), genuine.certificate(), true);
    return new TlsIdentity(leaf.key(), List.of(leaf.certificate(), root()));
  }

  private TlsIdentity belowDevice() throws Exception {
    TlsIdentity leaf =
        ServerForgery.signedBy(device.keys().getPrivate(), device.identity().certificate(), false);
    return new TlsIdentity(
        leaf.key(),
        List.of(
            leaf.certificate(),
            device.identity().certificate(),
            authorityCertificate("device-ca"),
            root()));
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("an impostor is refused before a byte is sent, at enrolment and ever after")
  void refuses_impostors(Impostor kind) throws Exception {
    try (var impostor = new RecordingServer(impostor(kind))) {
      String serial = "CV-" + kind.name().replace('_', '-');
      var storage = new FileIdentityStorage(scratch.resolve(serial));
      EnrolmentToken token = token(serial);
      assertThatThrownBy(
              () -> DeviceClient.enrol(impostor.url(), new DeviceSerial(serial), token, storage))
          .isInstanceOf(IOException.class)
          .hasStackTraceContaining("was not accepted");
      assertThat(storage.load()).isEmpty();

      try (DeviceClient client = DeviceClient.open(impostor.url(), enrolled)) {
        assertThatThrownBy(() -> client.send(READINGS))
            .isInstanceOf(IOException.class)
            .hasStackTraceContaining("was not accepted");
        assertThatThrownBy(client::settings).isInstanceOf(IOException.class);
      }
      assertThat(impostor.connections()).as("it was tried").isGreaterThanOrEqualTo(3);
      await()
          .untilAsserted(() -> assertThat(impostor.failures()).isEqualTo(impostor.connections()));
      assertThat(impostor.received()).as("bytes that the impostor was told").isZero();
    }
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("the agent refuses it as well, again and again, and goes on to keep its readings")
  void agent_refuses_impostors(Impostor kind) throws Exception {
    try (var impostor = new RecordingServer(impostor(kind))) {
      String serial = "CV-AGENT-" + kind.name().replace('_', '-');
      Path home = scratch.resolve(serial);
      Path known = Files.createDirectories(home.resolve("known"));
      Files.copy(
          scratch.resolve("enrolled").resolve("identity.pem"), known.resolve("identity.pem"));
      try (var fresh =
              AgentProcess.start(
                  new AgentProcess.Device(
                      impostor.url(), serial, operator.addDevice(serial), home.resolve("fresh")));
          var enrolledBefore =
              AgentProcess.start(new AgentProcess.Device(impostor.url(), "CV-1", "", known))) {
        for (AgentProcess agent : List.of(fresh, enrolledBefore)) {
          agent.feed("{\"secret\":1}\n");
          JsonNode third = agent.await("waiting", event -> event.path("attempt").asInt() >= 3);
          assertThat(third.path("trouble").asString()).isEqualTo("server-not-accepted");
          agent.await("taken", event -> event.path("taken").asInt() == 1);
          assertThat(agent.terminate()).isZero();
          assertThat(agent.events("delivered")).isEmpty();
        }
      }
      assertThat(impostor.connections()).as("it was tried").isGreaterThanOrEqualTo(6);
      assertThat(impostor.received()).as("bytes that the impostor was told").isZero();
    }
  }

  @Test
  @DisplayName("the same server is accepted with a certificate for its name")
  void accepts_its_own_server() throws Exception {
    try (var genuine = new RecordingServer(issued(List.of("localhost"), clock.instant()));
        DeviceClient client = DeviceClient.open(genuine.url(), enrolled)) {
      assertThatThrownBy(() -> client.send(READINGS)).isInstanceOf(ServerRefusedException.class);
      assertThat(genuine.received()).isPositive();

      var storage = new FileIdentityStorage(scratch.resolve("new-genuine"));
      EnrolmentToken token = token("CV-GENUINE");
      assertThatThrownBy(() ->
              DeviceClient.enrol(genuine.url(), new DeviceSerial("CV-GENUINE"), token, storage))
          .isInstanceOf(ServerRefusedException.class);
    }
  }

  @Test
  @DisplayName("a token for another root enrols nowhere")
  void refuses_a_server_of_another_token() throws Exception {
    String text = operator.addDevice("CV-TOKEN");
    String secret = text.substring(text.lastIndexOf('.'));
    EnrolmentToken foreign = EnrolmentToken.parse("cst1." + "A".repeat(43) + secret);
    var storage = new FileIdentityStorage(scratch.resolve("token"));

    assertThatThrownBy(() ->
            DeviceClient.enrol(server.deviceUrl(), new DeviceSerial("CV-TOKEN"), foreign, storage))
        .isInstanceOf(IOException.class);
    DeviceClient.enrol(
            server.deviceUrl(), new DeviceSerial("CV-TOKEN"), EnrolmentToken.parse(text), storage)
        .close();
  }

  @Test
  @DisplayName(
      "the wall clock is not asked: what begins in years is accepted, and raises the floor")
  void asks_no_wall_clock() throws Exception {
    var floor = new TimeFloor();
    Instant later = clock.instant().plus(Duration.ofDays(3 * 365));
    try (var now = new RecordingServer(issued(List.of("localhost"), clock.instant()));
        var inYears = new RecordingServer(issued(List.of("localhost"), later))) {
      assertThat(status(now, floor)).isEqualTo(503);
      assertThat(status(inYears, floor)).isEqualTo(503);

      assertThat(floor.instant()).isAfter(later.minus(Duration.ofHours(1)));
      assertThatThrownBy(() -> status(now, floor)).isInstanceOf(IOException.class);
    }
  }

  private int status(RecordingServer recording, TimeFloor floor) throws IOException {
    var endpoint =
        new Endpoint(recording.url(), new ServerTrust.Root(root()), floor, Optional.empty());
    try (Transport transport = JdkTransport.open(endpoint)) {
      return transport.exchange(Request.get("/v1/settings")).status();
    }
  }
}
