// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.fleet;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.server.TestHouse;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Import: a list as factories write it, all or nothing, every bad line named")
final class DeviceCsvTest {
  private static DeviceCsv.Parsed parse(String csv) {
    return DeviceCsv.parse(csv.getBytes(UTF_8));
  }

  private static List<String> refusals(String csv) {
    return parse(csv).refusals().stream().map(r -> r.line() + " " + r.field()).toList();
  }

  @Test
  @DisplayName("reads serials and models, with a byte order mark and Windows line ends as well")
  void reads_lists() {
    var parsed = parse("\uFEFFserial,model\r\nSN-1,\"T, 1000\"\r\nSN-2,\r\n");

    assertThat(parsed.refusals()).isEmpty();
    assertThat(parsed.rows()).hasSize(2);
    assertThat(parsed.rows().getFirst().device().model()).contains("T, 1000");
    assertThat(parsed.rows().getLast().line()).isEqualTo(3);
  }

  @Test
  @DisplayName("names line and field of each mistake")
  void names_mistakes() {
    assertThat(refusals("serial,model\nSN-1,x\nbad serial,x\nSN-1,y\nSN-2\n"))
        .containsExactly("3 serial", "4 serial", "5 line");
    assertThat(refusals("serial,credential\nSN-1,certificate\nSN-2,psk\n"))
        .containsExactly("3 secret");
    assertThat(refusals("serial,credential\nSN-1,certificate\nSN-2,password\n"))
        .containsExactly("3 credential");
  }

  @Test
  @DisplayName("refuses columns that mean nothing, before reading a line, and repeats no secret")
  void refuses_unknown_columns() {
    assertThat(refusals("serial,pin\nSN-1,hunter2\n")).containsExactly("1 header");
    assertThat(refusals("serial,secret\nSN-1,hunter2\n")).containsExactly("2 secret");
    assertThat(parse("SN-1,vT3nXq8ZkLw2RbYc7HsJmP5dGfA9eUoQ\n").toString()).doesNotContain("vT3n");
    assertThat(refusals("model\nx\n")).containsExactly("1 header");
    assertThat(parse("serial,secret\nSN-1,hunter2\n").toString()).doesNotContain("hunter2");
  }

  @Test
  @DisplayName("refuses what is not a list")
  void refuses_other_files() {
    assertThat(refusals("")).isNotEmpty();
    assertThat(refusals("serial\n")).isNotEmpty();
    assertThat(DeviceCsv.parse(new byte[] {'s', (byte) 0xff, (byte) 0xfe}).refusals()).isNotEmpty();
  }

  @Test
  @DisplayName("one serial that exists refuses all, and leaves nothing behind")
  void all_or_nothing() throws Exception {
    var house = new TestHouse();
    house.register("SN-5");
    var rows = parse("serial\nSN-4\nSN-5\nSN-6\n").rows();

    var result = house.provisioning.importAll(rows, true, count -> {}, house.operator);

    assertThat(result)
        .isEqualTo(
            new Provisioning.ImportResult.Refused(
                List.of(new DeviceCsv.Refusal(3, "serial", "SN-5 is registered already"))));
    assertThat(
            house.database.read(tx -> house.devices.count(tx)).values().stream()
                .mapToLong(n -> n)
                .sum())
        .isEqualTo(1);
  }
}
