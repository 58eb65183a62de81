// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.integration.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.integration.CommandLine;
import dev.countersign.integration.MutableClock;
import dev.countersign.integration.ServerProcess;
import dev.countersign.integration.TestServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A server that cannot start says why in one line, and what to do in another")
class StartRefusalsTest {
  @TempDir Path scratch;
  private Path data;

  @BeforeEach
  void initialize() throws IOException {
    data = scratch.resolve("data");
    TestServer.initialize(data, MutableClock.atMachineTime());
    configure("listeners:\n  devicePort: 0\n  operatorPort: 0\n  plainPort: 0\n");
  }

  private void configure(String yaml) throws IOException {
    Files.writeString(data.resolve("countersign.yaml"), yaml, StandardOpenOption.APPEND);
  }

  private void refusesToServe(String cause, String remedy) throws IOException {
    refuses(CommandLine.run(scratch, "serve", "--data", data.toString()), cause, remedy);
  }

  private static void refuses(CommandLine.Outcome outcome, String cause, String remedy) {
    assertThat(outcome.exitCode()).as(outcome.err()).isEqualTo(1);
    assertThat(outcome.out()).isEmpty();
    assertThat(outcome.err().lines()).as("cause and remedy, no more").hasSize(2);
    assertThat(outcome.err().lines().findFirst().orElse("")).startsWith("✘ ").contains(cause);
    assertThat(outcome.err().lines().skip(1).findFirst().orElse(""))
        .startsWith("  → ")
        .contains(remedy);
  }

  @Test
  @DisplayName("no data directory")
  void refuses_missing_data() throws IOException {
    data = scratch.resolve("elsewhere");
    refusesToServe("elsewhere is no Countersign data directory", "countersign init");
  }

  @Test
  @DisplayName("a key of the configuration that nobody knows, with the one that was meant")
  void refuses_unknown_keys() throws IOException {
    configure("organisation: Maker\n");
    refusesToServe("organisation: unknown", "did you mean organization?");
  }

  @Test
  @DisplayName("a value that cannot be")
  void refuses_bad_values() throws IOException {
    configure("limits:\n  idleTimeoutSeconds: 30\n");
    refusesToServe("limits.idleTimeoutSeconds: expected more than 60", "");
  }

  @Test
  @DisplayName("a port that is taken")
  void refuses_taken_ports() throws IOException {
    try (var taken = new ServerSocket(0, 1, InetAddress.getByName("0.0.0.0"))) {
      Path config = data.resolve("countersign.yaml");
      Files.writeString(
          config,
          Files.readString(config)
              .replace("\n  devicePort: 0", "\n  devicePort: " + taken.getLocalPort()));
      refusesToServe("port " + taken.getLocalPort() + " on 0.0.0.0 is taken", "--port-base");
    }
  }

  @Test
  @DisplayName("keys that others may read")
  void refuses_open_keys() throws IOException {
    Files.setPosixFilePermissions(
        data.resolve("keys"), PosixFilePermissions.fromString("rwxr-x---"));
    refusesToServe("keys is open to others", "chmod");
    Files.setPosixFilePermissions(
        data.resolve("keys"), PosixFilePermissions.fromString("rwx------"));
    Files.setPosixFilePermissions(
        data.resolve("keys/device-ca.key"), PosixFilePermissions.fromString("rw-r--r--"));
    refusesToServe("device-ca.key is open to others", "chmod");
  }

  @Test
  @DisplayName("data of a newer version")
  void refuses_newer_layouts() throws IOException {
    Files.writeString(data.resolve("layout"), "99\n");
    refusesToServe("was written by a newer Countersign (layout 99", "run that version or a later");
  }

  @Test
  @DisplayName("a registry of a newer version")
  void refuses_newer_schemas() throws Exception {
    try (var connection =
            DriverManager.getConnection("jdbc:sqlite:" + data.resolve("registry.db"));
        var statement = connection.createStatement()) {
      statement.executeUpdate(
          "INSERT INTO flyway_schema_history (installed_rank, version, description, type, script,"
              + " checksum, installed_by, installed_on, execution_time, success) SELECT 99, '99',"
              + " 'newer', type, 'V99__newer.sql', checksum, installed_by, installed_on, 1, 1"
              + " FROM flyway_schema_history WHERE installed_rank = 1");
    }
    refusesToServe("99", "version");
  }

  @Test
  @DisplayName("a second server on the same data")
  void refuses_a_second_server() throws Exception {
    try (TestServer first =
        TestServer.start(scratch.resolve("shared"), MutableClock.atMachineTime())) {
      data = scratch.resolve("shared");
      configure("listeners:\n  devicePort: 0\n  operatorPort: 0\n  plainPort: 0\n");
      refusesToServe("", "");
      first.enrol("SN-1").settings().expect(200);
    }
  }

  @Test
  @DisplayName("init does not overwrite what is there")
  void refuses_to_overwrite() throws IOException {
    String before = Files.readString(data.resolve("root.pem"));

    refuses(
        CommandLine.run(scratch, "init", "--data", data.toString()),
        "is not empty, and nothing there is overwritten",
        "choose another --data");

    assertThat(data.resolve("root.pem")).content().isEqualTo(before);
  }

  @Test
  @DisplayName("SIGTERM is how a server is meant to end: exit code 0, and what it stored stays")
  void ends_well() throws Exception {
    try (ServerProcess server =
        ServerProcess.start(Files.createDirectory(scratch.resolve("own")))) {
      server.enrol("SN-1").report("{\"n\":1}").expect(204);
      assertThat(server.terminate()).isZero();
      server.restart();
      assertThat(server.operator().readings("SN-1")).hasSize(1);
    }
  }
}
