// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.integration.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.integration.Answer;
import dev.countersign.integration.HttpsConnection;
import dev.countersign.integration.MutableClock;
import dev.countersign.integration.OperatorCalls;
import dev.countersign.integration.TestDevice;
import dev.countersign.integration.TestServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

@TestInstance(Lifecycle.PER_CLASS)
@DisplayName("A list of devices is imported whole or not at all")
class ImportTest {
  private static final int MANY = 10_000;

  private TestServer server;
  private OperatorCalls operator;

  @BeforeAll
  void startServer(@TempDir Path scratch) throws Exception {
    server = TestServer.start(scratch.resolve("data"), MutableClock.atMachineTime());
    operator = server.operator();
    operator.addDevice("IM-EXISTS");
  }

  @AfterAll
  void stopServer() {
    server.close();
  }

  private List<JsonNode> importCsv(String csv, String query) throws IOException {
    try (HttpsConnection connection = operator.connect()) {
      Answer answer =
          connection.send("POST", "/v1/devices/import" + query, csv, "Content-Type: text/csv");
      return answer.expect(200).lines();
    }
  }

  @Test
  @DisplayName("10 000 devices in one call, with progress and a token for each [A6]")
  void imports_many() throws Exception {
    String csv =
        IntStream.range(0, MANY)
            .mapToObj("BULK-%05d,Model 7"::formatted)
            .collect(Collectors.joining("\n", "serial,model\n", "\n"));

    List<JsonNode> lines = importCsv(csv, "?tokens=true");

    assertThat(lines.getFirst().path("of").asInt()).isEqualTo(MANY);
    assertThat(lines.getLast().path("imported").asInt()).isEqualTo(MANY);
    List<String> tokens =
        lines.stream()
            .filter(line -> line.has("enrolmentToken"))
            .map(line -> line.path("enrolmentToken").asString())
            .toList();
    assertThat(tokens).hasSize(MANY).doesNotHaveDuplicates();
    assertThat(operator.device("BULK-09999").path("model").asString()).isEqualTo("Model 7");
    assertThat(operator.audit("devices", "devices-imported")).hasSize(1);

    JsonNode one = lines.get(lines.size() - 2);
    String serial = one.path("serial").asString();
    TestDevice device =
        TestDevice.enrolWith(
            server, serial, one.path("enrolmentToken").asString(), TestDevice.newKeys());
    device.settings().expect(200);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "a serial twice    | IM-1,M;IM-2,M;IM-1,M   | 4 | serial",
        "a bad serial      | IM-1,M;no serial!,M    | 3 | serial",
        "a serial in use   | IM-1,M;IM-2,M;IM-EXISTS,M | 4 | serial",
        "a field too many  | IM-1,M;IM-2,M,x        | 3 | line"
      })
  @DisplayName("one bad line refuses all, and is named")
  void refuses_all_for_one_bad_line(String what, String rows, int line, String field)
      throws IOException {
    refuses("serial,model;" + rows, line, field);
  }

  @Test
  @DisplayName("a column that nobody knows refuses all")
  void refuses_unknown_columns() throws IOException {
    refuses("serial,colour;IM-1,red", 1, "header");
    refuses("model;M", 1, "header");
  }

  @Test
  @DisplayName("a list without a device, or of other bytes, is none")
  void refuses_what_is_no_list() throws IOException {
    refuses("serial,model", 1, "file");
    refuses("serial;IM-1;IM-\u00e9", 3, "serial");
  }

  private void refuses(String csv, int line, String field) throws IOException {
    String registered = operator.get("/v1/devices?after=IM&limit=3").body();

    List<JsonNode> answer = importCsv(csv.replace(';', '\n') + "\n", "");

    assertThat(answer).hasSize(1);
    assertThat(answer.getFirst().has("imported")).isFalse();
    assertThat(answer.getFirst().path("refused").valueStream())
        .as(answer.toString())
        .anySatisfy(refusal -> {
          assertThat(refusal.path("line").asInt()).isEqualTo(line);
          assertThat(refusal.path("field").asString()).isEqualTo(field);
          assertThat(refusal.path("reason").asString()).isNotBlank();
        });
    assertThat(operator.get("/v1/devices?after=IM&limit=3").body()).isEqualTo(registered);
    operator.get("/v1/devices/IM-1").expect(404);
  }

  @Test
  @DisplayName("one bad line at the end of 10 000 leaves nothing behind")
  void refuses_many_for_one() throws IOException {
    String csv =
        IntStream.range(0, MANY)
            .mapToObj("LATE-%05d"::formatted)
            .collect(Collectors.joining("\n", "serial\n", "\nIM-EXISTS\n"));

    List<JsonNode> answer = importCsv(csv, "?tokens=true");

    assertThat(answer.getLast().path("refused").get(0).path("line").asInt()).isEqualTo(MANY + 2);
    assertThat(answer).noneMatch(line -> line.has("enrolmentToken"));
    operator.get("/v1/devices/LATE-00000").expect(404);
  }
}
