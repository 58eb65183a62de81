// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.integration.hub;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.integration.MachineTime;
import dev.countersign.integration.PrivateNetwork;
import dev.countersign.integration.Program;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("Hubs and phones without any other network, with clocks that are wrong")
@Tag(HubSuite.HERE_ONLY)
class PrivateNetworkTest {
  private static final String HERE = "dev.countersign.integration.hub.";
  private static final String ATTACKS = "dev.countersign.integration.attacks.";

  /**
   * The two machines with a cable between them, and once more what is tested of hubs and phones
   * elsewhere, but for what those classes mark as {@link HubSuite#HERE_ONLY} and for foreign
   * programs, which go by the machine's clock.
   */
  private static final List<String> SUITE =
      List.of(
          HERE + "AloneScenarios",
          HERE + "LifecycleTest",
          HERE + "PhoneSdkTest",
          HERE + "TwoPhonesTest",
          ATTACKS + "BorrowedPhoneTest",
          ATTACKS + "ForwardedPairingTest",
          ATTACKS + "GuessedCodesTest",
          ATTACKS + "HostileHubInputTest",
          ATTACKS + "HubPrivilegesTest",
          ATTACKS + "HubProtocolsTest",
          ATTACKS + "RemovedPhoneTest",
          ATTACKS + "SpentCodesTest",
          ATTACKS + "StolenHubKeyTest",
          ATTACKS + "WrongHubTest");

  /** The same of what takes about as long as all these: with {@code -Dcountersign.alone=all}. */
  private static final List<String> LONG =
      List.of(
          HERE + "HouseholdTest",
          HERE + "HubCrashTest",
          HERE + "HubFullDiskTest",
          ATTACKS + "HubUnderFireTest");

  private static final Pattern PASSED = Pattern.compile("^passed (\\d+)$", Pattern.MULTILINE);

  /** What the suite has at least: a launcher that finds nothing has passed nothing. */
  private static final int TESTS = 70;

  @TempDir private Path scratch = Path.of("");

  @ParameterizedTest
  @CsvSource({"AT_1970, 1970", "AT_2099, 2099"})
  @DisplayName("pair, control and remove as they do anywhere")
  void suite(MachineTime time, int year) throws Exception {
    Program.in(scratch, "faketime");
    var command = new ArrayList<>(HubProcess.java(HubSuite.class));
    command.add(1, "-Dcountersign.year=" + year);
    command.addAll(SUITE);
    if (System.getProperty("countersign.alone", "").equals("all")) {
      command.addAll(LONG);
    }
    String printed = PrivateNetwork.run(scratch, time.environment(), command);
    Matcher passed = PASSED.matcher(printed);
    assertThat(passed.find()).as(printed).isTrue();
    assertThat(Integer.parseInt(passed.group(1))).isGreaterThanOrEqualTo(TESTS);
  }
}
