// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.integration.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.hub.identity.HubIdentity;
import dev.countersign.integration.CommandLine;
import dev.countersign.integration.Program;
import dev.countersign.integration.Program.Run;
import dev.countersign.integration.hub.TestMaker;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@DisplayName("A hub's announcement, heard by python-zeroconf on a network of its own")
class HubAnnouncementTest {
  private static final Path LISTENER =
      Path.of(System.getProperty("countersign.root", "."))
          .resolve("integration-tests/src/test/zeroconf/listen.py")
          .toAbsolutePath();

  /** Two network namespaces and a cable; nothing else is reachable, and nobody else hears it. */
  private static final String NETWORK =
      """
      set -e
      ip link set lo up
      ip link add hub0 type veth peer name phone0
      unshare --net sleep 300 & phone=$!
      until [ "$(readlink /proc/$phone/ns/net)" != "$(readlink /proc/$$/ns/net)" ]; do :; done
      ip link set phone0 netns $phone
      ip address add 10.66.0.1/24 dev hub0
      ip link set hub0 up
      in_phone() { nsenter --target $phone --net "$@"; }
      in_phone ip address add 10.66.0.2/24 dev phone0
      in_phone ip link set phone0 up
      if [ -z "$1" ]; then kill $phone; exit 0; fi
      "$@" >hub.out 2>hub.err & hub=$!
      in_phone /usr/bin/python3 LISTENER 10.66.0.2 $hub || true
      kill $phone
      wait $hub
      """;

  @TempDir private Path scratch;

  private Run inNetwork(String... command) {
    Program unshare = Program.in(scratch, "unshare");
    List<String> words = List.of("--user", "--map-root-user", "--net", "bash", "-c");
    var all = new ArrayList<>(words);
    all.add(NETWORK.replace("LISTENER", LISTENER.toString()));
    all.add("network");
    all.addAll(List.of(command));
    return unshare.run(all.toArray(String[]::new));
  }

  @Test
  @DisplayName("says where it is and which hub, no secret, and says goodbye")
  void is_heard() throws Exception {
    Program.in(scratch, "/usr/bin/python3");
    Run tried = inNetwork("");
    Assumptions.assumeTrue(
        tried.exitCode() == 0, "no networks can be made here: " + tried.output().strip());
    HubIdentity identity = new TestMaker().identity();
    TestMaker.provision(scratch.resolve("hub"), identity);

    Run run =
        inNetwork(
            CommandLine.command(
                    "hub",
                    "run",
                    "--state",
                    scratch.resolve("hub").toString(),
                    "--port",
                    "8443",
                    "--name",
                    "Tür 1")
                .toArray(String[]::new));

    assertThat(run.exitCode()).as(run.output()).isZero();
    List<String> heard = run.out().lines().toList();
    assertThat(heard).as(run.output()).hasSize(2);
    JsonNode found = new JsonMapper().readTree(heard.getFirst());
    assertThat(found.path("name").asString()).isEqualTo("Tür 1._countersign-hub._tcp.local.");
    assertThat(found.path("port").intValue()).isEqualTo(8443);
    assertThat(found.path("server").asString())
        .isEqualTo("countersign-" + identity.id() + ".local.");
    assertThat(found.path("addresses").valueStream().map(JsonNode::asString))
        .contains("10.66.0.1")
        .doesNotContain("127.0.0.1");
    assertThat(
            found.path("text").properties().stream()
                .collect(Collectors.toMap(entry -> entry.getKey(), e -> e.getValue().asString())))
        .as("nothing more, so nothing secret")
        .containsExactlyInAnyOrderEntriesOf(
            Map.of("v", "1", "id", identity.id().toString(), "name", "Tür 1"));
    assertThat(HexFormat.of().parseHex(found.path("text").path("id").asString())).hasSize(8);
    assertThat(new JsonMapper().readTree(heard.getLast()).path("gone").asString())
        .startsWith("Tür 1.");
  }
}
