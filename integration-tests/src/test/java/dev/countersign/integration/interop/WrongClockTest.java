// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.integration.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.integration.AgentProcess;
import dev.countersign.integration.CommandLine;
import dev.countersign.integration.MachineTime;
import dev.countersign.integration.MutableClock;
import dev.countersign.integration.OperatorCalls;
import dev.countersign.integration.Program;
import dev.countersign.integration.ServerProcess;
import dev.countersign.integration.TestServer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** With libfaketime (Debian: faketime), which makes a process believe another time. */
@DisplayName("Agent and server with clocks that are wrong")
class WrongClockTest {
  @TempDir private Path scratch = Path.of("");

  @BeforeEach
  void needsFaketime() {
    Program.in(scratch, "faketime");
  }

  private AgentProcess.Device device(ServerProcess server, String serial) throws Exception {
    return new AgentProcess.Device(
        server.deviceUrl(),
        serial,
        server.operator().addDevice(serial),
        scratch.resolve(serial).resolve("state"));
  }

  /** Enrols, sends, follows settings; and once more after a restart. */
  private static void assertWorks(
      ServerProcess server, AgentProcess.Device device, MachineTime agentTime, String line)
      throws Exception {
    OperatorCalls operator = server.operator();
    try (AgentProcess agent = AgentProcess.start(device, agentTime.environment())) {
      agent.feed("{\"n\":" + line + "}\n");
      agent.await("delivered");
      operator.set(device.serial(), "{\"n\":" + line + "}");
      agent.await("settings-confirmed");
      assertThat(agent.events("waiting"))
          .as("nobody was refused")
          .allMatch(event -> event.path("trouble").asString().equals("unreachable"));
      assertThat(agent.terminate()).isZero();
    }
    assertThat(operator.readings(device.serial()).getLast().path("value").toString())
        .isEqualTo(line);
  }

  @ParameterizedTest
  @EnumSource(value = MachineTime.class, names = "RIGHT", mode = EnumSource.Mode.EXCLUDE)
  @DisplayName("an agent works whatever its clock says, also when that jumps")
  void agent_with_any_clock(MachineTime time) throws Exception {
    try (ServerProcess server = ServerProcess.start(scratch)) {
      AgentProcess.Device device = device(server, "WC-1");
      assertWorks(server, device, time, "1");
      assertWorks(server, device, MachineTime.AT_2099, "2");
      assertWorks(server, device, MachineTime.AT_1970, "3");
      assertWorks(server, device, MachineTime.RIGHT, "4");
    }
  }

  @ParameterizedTest
  @EnumSource(value = MachineTime.class, names = "RIGHT", mode = EnumSource.Mode.EXCLUDE)
  @DisplayName("an installation that was made and runs under a wrong clock works with any agent")
  void server_made_under_a_wrong_clock(MachineTime time) throws Exception {
    try (ServerProcess server = ServerProcess.start(scratch, time.environment())) {
      AgentProcess.Device device = device(server, "WC-2");
      assertWorks(server, device, time, "1");
      assertWorks(server, device, MachineTime.RIGHT, "2");
      server.terminate();
    }
  }

  @Test
  @DisplayName("a server whose clock jumps ahead and back again has lost no device")
  void server_that_jumps_ahead() throws Exception {
    MutableClock clock = MutableClock.atMachineTime();
    try (TestServer server = TestServer.start(scratch.resolve("data"), clock)) {
      var device =
          new AgentProcess.Device(
              server.deviceUrl(),
              "WC-5",
              server.operator().addDevice("WC-5"),
              scratch.resolve("WC-5").resolve("state"));
      try (AgentProcess agent = AgentProcess.start(device)) {
        agent.feed("{\"n\":1}\n");
        agent.await("delivered");
        Instant right = clock.instant();
        clock.set(Instant.parse("2099-06-01T12:00:00Z"));
        agent.feed("{\"n\":2}\n");
        agent.await(
            "waiting", event -> event.path("trouble").asString().equals("credential-refused"));
        clock.set(right.plusSeconds(60));
        agent.await("delivered", event -> event.path("sequence").asInt() == 2);
        assertThat(agent.terminate()).isZero();
      }
      assertThat(server.operator().readings("WC-5")).hasSize(2);
    }
  }

  @Test
  @DisplayName("a server does not start when its authorities seem to have ended, and asks why")
  void server_that_starts_too_late() throws Exception {
    Path data = TestServer.initialize(scratch.resolve("d"), MutableClock.atMachineTime()).path();
    CommandLine.Outcome late =
        CommandLine.run(
            scratch, MachineTime.AT_2099.environment(), "serve", "--data", data.toString());
    assertThat(late.exitCode()).isEqualTo(1);
    assertThat(late.err()).contains("2099-06-01", "clock");
  }

  @Test
  @DisplayName("a server whose clock fell back to 1970 goes on where it was")
  void server_that_lost_its_clock() throws Exception {
    try (ServerProcess server = ServerProcess.start(scratch)) {
      AgentProcess.Device device = device(server, "WC-3");
      assertWorks(server, device, MachineTime.RIGHT, "1");
      server.terminate();
      server.setEnvironment(MachineTime.AT_1970.environment());
      server.restart();
      assertThat(server.errors()).contains("clock=wrong");
      var moved = new AgentProcess.Device(server.deviceUrl(), "WC-3", "", device.state());
      assertWorks(server, moved, MachineTime.AT_1970, "2");
      AgentProcess.Device fresh = device(server, "WC-4");
      assertWorks(server, fresh, MachineTime.AT_1970, "1");
      server.terminate();
      server.setEnvironment(Map.of());
      server.restart();
      assertWorks(
          server,
          new AgentProcess.Device(server.deviceUrl(), "WC-4", "", fresh.state()),
          MachineTime.RIGHT,
          "2");
    }
  }
}
