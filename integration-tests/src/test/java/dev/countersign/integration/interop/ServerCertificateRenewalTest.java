// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.integration.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.client.DeviceClient;
import dev.countersign.client.identity.FileIdentityStorage;
import dev.countersign.integration.HttpsConnection;
import dev.countersign.integration.MutableClock;
import dev.countersign.integration.TestServer;
import dev.countersign.protocol.DeviceSerial;
import dev.countersign.protocol.Scalar;
import dev.countersign.protocol.est.EnrolmentToken;
import dev.countersign.protocol.telemetry.Reading;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The server's certificate over the months [A21]")
class ServerCertificateRenewalTest {
  private static final Instant BEGIN = Instant.parse("2026-12-01T00:00:00Z");
  private static final List<Reading> READINGS =
      List.of(new Reading("t", new Scalar.Numeric(1), null));

  private static X509Certificate shown(TestServer server) throws Exception {
    try (HttpsConnection connection = server.connect()) {
      return connection.serverChain().getFirst();
    }
  }

  @Test
  @DisplayName("after two thirds of its life there is a new one, and enrolled devices accept it")
  void renews_in_time(@TempDir Path scratch) throws Exception {
    var clock = MutableClock.at(BEGIN);
    var storage = new FileIdentityStorage(scratch.resolve("device"));
    try (TestServer server = TestServer.start(scratch.resolve("data"), clock)) {
      EnrolmentToken token = EnrolmentToken.parse(server.operator().addDevice("SR-1"));
      DeviceClient.enrol(server.deviceUrl(), new DeviceSerial("SR-1"), token, storage).close();
      X509Certificate first = shown(server);

      clock.advance(Duration.ofDays(59));
      server.restart();
      assertThat(shown(server)).as("not before its time").isEqualTo(first);

      clock.advance(Duration.ofDays(2));
      server.restart();
      X509Certificate second = shown(server);
      assertThat(second.getPublicKey()).isNotEqualTo(first.getPublicKey());
      assertThat(second.getNotAfter().toInstant()).isEqualTo(BEGIN.plus(Duration.ofDays(61 + 90)));

      try (DeviceClient device = DeviceClient.open(server.deviceUrl(), storage)) {
        device.send(READINGS);
        device.renew();
        device.send(READINGS);
      }
      assertThat(server.operator().readings("SR-1")).hasSize(2);
      assertThat(server.operator().audit("server", "server-certificate-renewed")).hasSize(1);
      assertThat(server.operator().get("/v1/certificates?kind=server&state=active").lines())
          .hasSize(1);
    }
  }

  @Test
  @DisplayName("a server that was off for a year comes back by itself")
  void comes_back_after_a_year(@TempDir Path scratch) throws Exception {
    var clock = MutableClock.at(BEGIN);
    try (TestServer server = TestServer.start(scratch.resolve("data"), clock)) {
      var device = server.enrol("SR-2");
      device.report("{\"n\":1}").expect(204);

      clock.advance(Duration.ofDays(360));
      server.restart();

      assertThat(shown(server).getNotAfter().toInstant()).isAfter(clock.instant());
      device.report("{\"n\":2}").expect(401);
      device.renewed().report("{\"n\":2}").expect(204);
    }
  }
}
