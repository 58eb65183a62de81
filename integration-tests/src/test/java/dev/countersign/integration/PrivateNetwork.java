// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.integration;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/**
 * A private segment of two machines, phone and hub, and no other route: two network namespaces and
 * a cable between them. Needs iproute2, and root or the right to user namespaces.
 */
public final class PrivateNetwork {
  /** Of the hub; the phones are next to it. */
  public static final String HUB_ADDRESS = "10.77.0.1";

  private static final int NO_NETWORK = 77;
  private static final long TIMEOUT_SECONDS = 900;

  /** Runs a command on the phones' machine. What enters the hub's is in COUNTERSIGN_HUB_NET. */
  private static final String SCRIPT =
      """
      PATH=$PATH:/usr/sbin:/sbin
      ip link set lo up || exit 77
      unshare --net sleep 1000 &
      hub=$!
      trap 'kill $hub' EXIT
      while [ "$(readlink /proc/$hub/ns/net)" = "$(readlink /proc/self/ns/net)" ]; do :; done
      export COUNTERSIGN_HUB_NET=/proc/$hub/ns/net
      ip link add phones type veth peer name hub netns $hub &&
        ip address add 10.77.0.2/24 dev phones && ip link set phones up || exit 77
      nsenter --net=$COUNTERSIGN_HUB_NET sh -c '
        ip link set lo up && ip address add 10.77.0.1/24 dev hub && ip link set hub up' || exit 77
      exec 3<"$0" && while IFS= read -r setting <&3; do export "$setting"; done
      "$@"
      """;

  private PrivateNetwork() {}

  /**
   * Runs a command there. Skips the test where no such network can be made, unless programs are
   * required.
   *
   * @param scratch where its output goes
   * @param environment of the command, and of the hub that it starts
   * @return what it printed, if its exit code was 0
   */
  public static String run(Path scratch, Map<String, String> environment, List<String> words)
      throws IOException, InterruptedException {
    Path output = Files.createTempFile(scratch, "network", ".txt");
    // Set late: the programs that make the network are to believe the right time.
    Path settings = Files.createTempFile(scratch, "network", ".env");
    Files.write(
        settings,
        environment.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList());
    var command =
        new ArrayList<>(
            List.of(
                "unshare", "--map-root-user", "--net", "sh", "-c", SCRIPT, settings.toString()));
    command.addAll(words);
    Process process;
    try {
      process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
    } catch (IOException e) {
      skip("the program unshare is missing");
      return "";
    }
    if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly().waitFor();
    }
    String printed = Files.readString(output, UTF_8);
    if (process.exitValue() == NO_NETWORK || printed.startsWith("unshare:")) {
      skip("no private network could be made: " + printed);
    }
    assertThat(process.exitValue()).as(printed).isZero();
    return printed;
  }

  private static void skip(String reason) {
    assertThat(System.getProperty("countersign.programs")).as(reason).isNotEqualTo("required");
    Assumptions.abort(reason);
  }
}
