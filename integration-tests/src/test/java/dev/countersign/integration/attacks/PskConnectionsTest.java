// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.integration.attacks;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.countersign.client.psk.PskCredential;
import dev.countersign.client.psk.PskTransport;
import dev.countersign.client.transport.Transport;
import dev.countersign.client.transport.Transport.Request;
import dev.countersign.integration.MutableClock;
import dev.countersign.integration.PskDevice;
import dev.countersign.integration.TestServer;
import dev.countersign.protocol.DeviceSerial;
import dev.countersign.protocol.keys.DeviceKey;
import dev.countersign.server.http.HttpListener;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@DisplayName("Connections with a pre-shared key: what ends them, and what they withstand")
final class PskConnectionsTest {
  private TestServer server;

  @BeforeAll
  void start(@TempDir Path directory) throws Exception {
    server =
        TestServer.start(
            directory.resolve("data"),
            MutableClock.atMachineTime(),
            "\nlimits:\n  handshakeTimeoutSeconds: 2\n");
  }

  @AfterAll
  void stop() {
    server.close();
  }

  private Transport connect(PskDevice device) {
    return PskTransport.open(
        URI.create("https://localhost:" + server.pskPort()),
        PskCredential.of(
            new DeviceSerial(device.serial()),
            1,
            DeviceKey.ofSecret(device.secret().getBytes(US_ASCII))));
  }

  private static Request reading() {
    return Request.of("POST", "/v1/readings", "application/json", "{\"n\":1}".getBytes(US_ASCII));
  }

  private HttpListener listener() {
    return server.server().listeners().get(3);
  }

  @Test
  @DisplayName("a revoked device's open connections end, also while it waits for settings")
  void revocation_ends_connections() throws Exception {
    PskDevice device = PskDevice.add(server, "PC-1");
    try (Transport transport = connect(device)) {
      assertThat(transport.exchange(reading()).status()).isEqualTo(204);
      Request poll =
          Request.get("/v1/settings")
              .with("If-None-Match", "\"0\"")
              .with("Prefer", "wait=60")
              .within(Duration.ofSeconds(90));
      var waiting =
          CompletableFuture.supplyAsync(() -> {
            try {
              return transport.exchange(poll).status();
            } catch (IOException e) {
              return -1;
            }
          });
      await().until(() -> listener().openConnections() >= 1);
      server.operator().revoke("PC-1");
      assertThat(waiting.get()).isEqualTo(-1);
      assertThatThrownBy(() -> transport.exchange(reading())).isInstanceOf(IOException.class);
    }
  }

  @Test
  @DisplayName("60 devices at once")
  void many_at_once() throws Exception {
    PskDevice device = PskDevice.add(server, "PC-2");
    var work = new ArrayList<Callable<Integer>>();
    for (int i = 0; i < 60; i++) {
      work.add(() -> {
        try (Transport transport = connect(device)) {
          return transport.exchange(reading()).status();
        }
      });
    }
    try (var threads = Executors.newFixedThreadPool(60)) {
      for (Future<Integer> status : threads.invokeAll(work)) {
        assertThat(status.get()).isEqualTo(204);
      }
    }
    assertThat(server.operator().readings("PC-2")).hasSize(60);
  }

  @Test
  @DisplayName("the limits of the other device port hold here too")
  void limits() throws Exception {
    PskDevice device = PskDevice.add(server, "PC-3");
    try (Transport transport = connect(device)) {
      var large = new byte[70_000];
      assertThat(
              transport
                  .exchange(Request.of("POST", "/v1/readings", "application/json", large))
                  .status())
          .isEqualTo(413);
    }
  }

  @Test
  @DisplayName("who says nothing, half a hello or garbage is cut off")
  void slow_and_garbled() throws Exception {
    for (byte[] bytes :
        new byte[][] {
          {},
          {22, 3, 1, 1, 0, 1},
          {22, 3, 3, 0, 4, 1, 0, 0, 0},
          "GET / HTTP/1.1\r\n\r\n".getBytes(US_ASCII)
        }) {
      try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.pskPort())) {
        socket.setSoTimeout(20_000);
        socket.getOutputStream().write(bytes);
        assertThat(socket.getInputStream().readAllBytes().length).isLessThan(20);
      }
    }
    await().until(() -> listener().handshakes() == 0);
  }

  @Test
  @DisplayName("a device that is removed while it is connected is refused at its next request")
  void removed_while_connected() throws Exception {
    PskDevice device = PskDevice.add(server, "PC-4");
    try (Transport transport = connect(device)) {
      assertThat(transport.exchange(reading()).status()).isEqualTo(204);
      server.operator().revoke("PC-4");
      server.operator().send("DELETE", "/v1/devices/PC-4", "{\"reason\":\"test\"}");
      PskDevice another = PskDevice.add(server, "PC-4");
      assertThatThrownBy(() -> transport.exchange(reading())).isInstanceOf(IOException.class);
      try (Transport fresh = connect(another)) {
        assertThat(fresh.exchange(reading()).status()).isEqualTo(204);
      }
    }
  }
}
