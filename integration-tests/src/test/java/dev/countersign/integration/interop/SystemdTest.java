// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.integration.interop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.countersign.integration.CommandLine;
import dev.countersign.integration.HttpsConnection;
import dev.countersign.integration.MutableClock;
import dev.countersign.integration.Program;
import dev.countersign.integration.ServerProcess;
import dev.countersign.integration.TestServer;
import dev.countersign.protocol.x509.Certificates;
import dev.countersign.server.installation.DataDirectory;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.ConnectException;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Under systemd")
class SystemdTest {
  private static final Path PACKAGING =
      Path.of(System.getProperty("countersign.root", "."), "packaging");
  private static final Duration START = Duration.ofSeconds(60);

  @TempDir private Path scratch;

  @BeforeEach
  void hasNativeTransport() {
    assumeThat(Epoll.isAvailable()).as("Netty's native transport").isTrue();
  }

  private static int freePort() throws IOException {
    try (var probe = new ServerSocket(0)) {
      return probe.getLocalPort();
    }
  }

  private DataDirectory initialize(int devicePort, int operatorPort, int plainPort)
      throws IOException {
    DataDirectory directory =
        TestServer.initialize(scratch.resolve("data"), MutableClock.atMachineTime());
    Files.writeString(
        directory.config(),
        """

        listeners:
          address: 127.0.0.1
          devicePort: %d
          pskPort: 0
          operatorPort: %d
          plainPort: %d
        """
            .formatted(devicePort, operatorPort, plainPort),
        StandardOpenOption.APPEND);
    return directory;
  }

  private static List<String> serve(DataDirectory directory, String... before) {
    var command = new ArrayList<>(List.of(before));
    command.addAll(CommandLine.command("serve", "--data", directory.path().toString()));
    return command;
  }

  /** The server begins with the first connection, which waits for it. */
  private static void answers(int port, X509Certificate root) {
    await()
        .atMost(START)
        .ignoreExceptionsInstanceOf(IOException.class)
        .until(() -> {
          try (HttpsConnection connection = HttpsConnection.open(port, root, Optional.empty())) {
            return connection.get("/v1/settings").status() == 401;
          }
        });
  }

  @Test
  @DisplayName("sockets that were opened before are taken, by their ports (sd_listen_fds(3))")
  void takes_sockets_by_port() throws Exception {
    int device = freePort();
    int operator = freePort();
    DataDirectory directory = initialize(device, operator, freePort());
    X509Certificate root = Certificates.parsePem(Files.readString(directory.root())).getFirst();
    Program activate = Program.in(scratch, "systemd-socket-activate");
    Program.Running running =
        activate.start(
            serve(directory, "-l", "127.0.0.1:" + operator, "-l", "127.0.0.1:" + device)
                .toArray(String[]::new));
    try {
      answers(device, root);
      answers(operator, root);
      answers(device, root);
      assertThat(running.output()).contains("ready").doesNotContain("✘");
    } finally {
      running.terminate();
    }
  }

  @Test
  @DisplayName("or by their names, on whatever port they are")
  void takes_sockets_by_name() throws Exception {
    int device = freePort();
    int operator = freePort();
    DataDirectory directory = initialize(0, 0, 0);
    X509Certificate root = Certificates.parsePem(Files.readString(directory.root())).getFirst();
    Program activate = Program.in(scratch, "systemd-socket-activate");
    Program.Running running =
        activate.start(
            serve(
                    directory,
                    "-l",
                    "127.0.0.1:" + device,
                    "-l",
                    "127.0.0.1:" + operator,
                    "--fdname=device-https:operator-https")
                .toArray(String[]::new));
    try {
      answers(device, root);
      answers(operator, root);
      assertThat(running.output()).contains("device-https     port " + device);
    } finally {
      running.terminate();
    }
  }

  @Test
  @DisplayName("a socket that no listener wants is refused: nobody would answer on it")
  void refuses_other_sockets() throws Exception {
    int other = freePort();
    DataDirectory directory = initialize(0, 0, 0);
    Program activate = Program.in(scratch, "systemd-socket-activate");
    Program.Running running =
        activate.start(serve(directory, "-l", "127.0.0.1:" + other).toArray(String[]::new));
    await()
        .ignoreExceptionsInstanceOf(ConnectException.class)
        .until(() -> {
          new java.net.Socket(java.net.InetAddress.getLoopbackAddress(), other).close();
          return true;
        });
    Program.Run run = running.join();
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("no listener is for it", "countersign.socket");
  }

  @Test
  @DisplayName("says that it is ready, alive, and stopping (sd_notify(3))")
  void notifies() throws Exception {
    Path address = scratch.resolve("notify");
    Socket receiver = Socket.newSocketDomainDgram();
    try {
      receiver.bind(new DomainSocketAddress(address.toFile()));
      var heard = new ArrayList<String>();
      try (ServerProcess server =
          ServerProcess.start(
              Files.createDirectory(scratch.resolve("server")),
              "",
              Map.of("NOTIFY_SOCKET", address.toString(), "WATCHDOG_USEC", "200000"))) {
        await()
            .until(() -> hear(receiver, heard).stream().filter("WATCHDOG=1"::equals).count() > 2);
        assertThat(heard.getFirst()).isEqualTo("READY=1");
        assertThat(heard).doesNotContain("STOPPING=1");
        assertThat(server.terminate()).isZero();
      }
      assertThat(hear(receiver, heard)).contains("STOPPING=1");
    } finally {
      receiver.close();
    }
  }

  private static List<String> hear(Socket receiver, List<String> heard) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocateDirect(256);
    int length = receiver.recv(buffer, 0, buffer.capacity());
    while (length > 0) {
      byte[] message = new byte[length];
      buffer.get(0, message);
      heard.add(new String(message, UTF_8));
      length = receiver.recv(buffer, 0, buffer.capacity());
    }
    return heard;
  }

  @Test
  @DisplayName("the units are what systemd understands, and leave little open")
  void units_are_sound() throws Exception {
    Program analyze = Program.in(scratch, "systemd-analyze");
    Path program =
        Files.createFile(
            scratch.resolve("countersign"),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
    Path service = scratch.resolve("countersign.service");
    Files.writeString(
        service,
        Files.readString(PACKAGING.resolve("systemd/countersign.service"))
            .replace("ExecStart=/opt/countersign/countersign", "ExecStart=" + program));
    Path socket =
        Files.copy(
            PACKAGING.resolve("systemd/countersign.socket"), scratch.resolve("countersign.socket"));

    Program.Run verified = analyze.run("verify", "--man=no", service.toString(), socket.toString());
    assertThat(verified.exitCode()).as(verified.output()).isZero();
    assertThat(verified.output()).isEmpty();
    Program.Run judged =
        analyze.run("security", "--offline=true", "--threshold=20", service.toString());
    assertThat(judged.exitCode()).as(judged.output()).isZero();
    assertThat(Files.readString(service)).doesNotContain("MemoryDenyWriteExecute=true");
  }
}
