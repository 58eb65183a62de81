// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.hub.factory;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.countersign.hub.factory.StationRefusedException.Reason;
import dev.countersign.protocol.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@DisplayName("A station's ledger")
final class LedgerTest {
  @TempDir private Path directory = Path.of("unset");
  private TestLine line = new TestLine(Path.of("unset"));
  private Path ledger = Path.of("unset");

  @BeforeEach
  void makesThreeHubs() throws Exception {
    line = new TestLine(directory);
    Station station = line.station("st", 5);
    for (String state : List.of("a", "b", "c")) {
      line.provision(station, state);
    }
    ledger = line.path("st").resolve("ledger.jsonl");
  }

  private void assertTampered() {
    var refused = catchThrowableOfType(StationRefusedException.class, () -> line.open("st"));
    assertThat(refused).as("refusal").isNotNull();
    assertThat(refused.reason()).isEqualTo(Reason.TAMPERED);
  }

  private List<String> lines() throws IOException {
    return new ArrayList<>(Files.readAllLines(ledger));
  }

  private void write(List<String> lines) throws IOException {
    Files.writeString(ledger, String.join("\n", lines) + "\n");
  }

  @Test
  @DisplayName("can be verified with SHA-256 alone, from the quota on")
  void hangs_together() throws Exception {
    Sha256 previous = Sha256.of(Files.readAllBytes(line.path("st").resolve("quota")));
    for (String text : lines()) {
      JsonNode json = new JsonMapper().readTree(text);
      assertThat(json.path("previous").asString()).isEqualTo(previous.hex());
      previous = Sha256.of(text.getBytes(UTF_8));
    }
    assertThat(Files.readString(line.path("st").resolve("head")).strip()).isEqualTo(previous.hex());
    assertThat(lines()).hasSize(6);
  }

  @Test
  @DisplayName("is refused if a line was changed: any character of any line")
  void refuses_a_changed_line() throws Exception {
    String whole = Files.readString(ledger);
    for (int at : new int[] {12, whole.length() / 3, whole.length() / 2, whole.length() - 12}) {
      char other = whole.charAt(at) == 'a' ? 'b' : 'a';
      Files.writeString(ledger, whole.substring(0, at) + other + whole.substring(at + 1));
      assertTampered();
    }
    // What only the next line knows: all else of this one is as it could have been written.
    Files.writeString(ledger, whole.replaceFirst("T08:00:00Z", "T08:00:01Z"));
    assertTampered();
    Files.writeString(ledger, whole);
    line.open("st");
  }

  @Test
  @DisplayName("is refused if a line was taken out, doubled, moved or put in")
  void refuses_missing_and_moved_lines() throws Exception {
    List<String> intact = lines();
    for (int i = 0; i < intact.size(); i++) {
      List<String> without = new ArrayList<>(intact);
      String taken = without.remove(i);
      write(without);
      assertTampered();
      without.add(i == 0 ? 1 : i - 1, taken);
      write(without);
      assertTampered();
    }
    // What follows the last line that the head knows is a torn one, whatever it says.
    for (int i = 0; i < intact.size() - 1; i++) {
      List<String> doubled = new ArrayList<>(intact);
      doubled.add(i, intact.get(i));
      write(doubled);
      assertTampered();
    }
  }

  @Test
  @DisplayName("is refused if its end was cut off, wherever: the head knows how far it went")
  void refuses_a_cut_ledger() throws Exception {
    byte[] intact = Files.readAllBytes(ledger);
    for (int length : new int[] {0, 1, intact.length / 2, intact.length - 1}) {
      Files.write(ledger, Arrays.copyOf(intact, length));
      assertTampered();
    }
  }

  @Test
  @DisplayName("is refused while it is open, if it is cut then")
  void refuses_a_ledger_cut_while_open() throws Exception {
    Station station = line.open("st");
    Files.write(ledger, new byte[0]);

    var refused =
        catchThrowableOfType(StationRefusedException.class, () -> line.provision(station, "d"));

    assertThat(refused.reason()).isEqualTo(Reason.TAMPERED);
  }

  @Test
  @DisplayName("passes over a torn last line: its certificate never left")
  void passes_over_a_torn_line() throws Exception {
    String whole = Files.readString(ledger);
    for (String torn :
        List.of("{", "{\"number\":4,\"kind\":\"hub\"", "\u0000\u0000\u0000", "\u0000\u0000\"}\n")) {
      Files.writeString(ledger, torn, StandardOpenOption.APPEND);
      assertThat(line.open("st").issued()).isEqualTo(3);
      Files.writeString(ledger, whole);
    }
    Files.writeString(ledger, "{\"number\":4,\"kin", StandardOpenOption.APPEND);

    line.provision(line.open("st"), "d");

    assertThat(StationRecord.open(line.path("st")).entries()).hasSize(4);
    assertThat(Files.readString(ledger)).startsWith(whole);
    assertThat(lines()).hasSize(8);
  }

  @Test
  @DisplayName("counts a whole line that the head does not know yet: the power failed in between")
  void counts_a_line_that_the_head_does_not_know() throws Exception {
    Path head = line.path("st").resolve("head");
    String before = Files.readString(head);
    line.provision(line.open("st"), "d");
    Files.writeString(head, before);

    Station station = line.open("st");

    assertThat(station.issued()).isEqualTo(4);
    line.provision(station, "e");
    assertThat(
            catchThrowableOfType(StationRefusedException.class, () -> line.provision(station, "f"))
                .reason())
        .isEqualTo(Reason.QUOTA_SPENT);
  }

  @Test
  @DisplayName("is read on where another process has added to it")
  void reads_what_others_added() throws Exception {
    Station one = line.open("st");
    Station two = line.open("st");
    line.provision(one, "d");
    line.provision(two, "e");

    assertThat(StationRecord.open(line.path("st")).entries())
        .extracting(LedgerEntry::number)
        .containsExactly(1, 2, 3, 4, 5);
    assertThat(
            catchThrowableOfType(StationRefusedException.class, () -> line.provision(one, "f"))
                .reason())
        .isEqualTo(Reason.QUOTA_SPENT);
  }
}
