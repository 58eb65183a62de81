// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.integration.hub;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.hub.qr.QrPicture;
import dev.countersign.integration.CommandLine;
import dev.countersign.pki.key.KeyKind;
import dev.countersign.pki.key.SigningKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@DisplayName("The commands of a production line")
final class FactoryCommandsTest {
  private static final String PASSPHRASE = "a passphrase for tests";

  @TempDir private Path directory = Path.of("unset");

  /** Runs a command, and gives what it printed with what differs each time replaced. */
  private String run(String words) throws Exception {
    CommandLine.Outcome outcome = CommandLine.run(directory, inDirectory(words));
    String printed = outcome.out() + outcome.err();
    return printed
            .replace(directory.toString(), "DIR")
            .replaceAll("CS1:[A-Z2-7]{96}", "LABEL")
            .replaceAll("[0-9a-f]{64}", "SHA256")
            .replaceAll("[0-9a-f]{16}", "ID")
            .replaceAll("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ", "TIME")
        + "exit "
        + outcome.exitCode()
        + "\n";
  }

  private JsonNode json(String words) throws Exception {
    CommandLine.Outcome outcome = CommandLine.run(directory, inDirectory(words));
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    return new JsonMapper().readTree(outcome.out());
  }

  private String[] inDirectory(String words) {
    return words.replace("DIR", directory.toString()).split(" ");
  }

  private void initialize() throws Exception {
    Files.writeString(directory.resolve("pass"), PASSPHRASE + "\n");
    assertThat(run("init --data DIR/data --organization Maker --root-passphrase-file DIR/pass"))
        .endsWith("exit 0\n");
  }

  private static String create(String station, int quota) {
    return "hub station create --data DIR/data --station DIR/%s --quota %d --until 2099-01-31"
            .formatted(station, quota)
        + " --name Line-3 --root-passphrase-file DIR/pass";
  }

  @Test
  @DisplayName("station, hubs, the same key twice, a spent quota, a new key: as people see it")
  void makes_hubs() throws Exception {
    initialize();
    // The hub authority of 5 years is the limit of a line.
    assertThat(run(create("st", 2))).contains("✘ until: expected").endsWith("exit 2\n");
    String create = create("st", 3).replace("2099-01-31", "2027-12-31");
    assertThat(run(create))
        .isEqualTo(
            """
            ✔ station    ID  Line-3
            ✔ quota      3 hubs until 2027-12-31 23:59:59Z
            ✔ names      below hub.countersign.invalid
            ✔ authority  SHA256
            ✔ directory  DIR/st (0700, with the line's key)

              → carry DIR/st to the line, and leave no copy here: whoever has it makes hubs until its end
              → there: countersign hub provision --state DIR --station DIR/st
            ! this station lives longer than 90 days: until 2027-12-31 23:59:59Z, whoever takes its key makes hubs that every app accepts
            exit 0
            """);
    assertThat(run(create))
        .isEqualTo(
            """
            ✘ DIR/st exists already
              → a station is made once; choose another --station
            exit 1
            """);
    // The line has the station alone.
    Files.move(directory.resolve("data"), directory.resolve("far-away"));
    assertThat(run("hub provision --state DIR/a --station DIR/st --serial SN-1"))
        .isEqualTo(
            """
            ✔ hub id                 ID
            ✔ serial                 SN-1
            ✔ key (SHA-256)          SHA256
            ✔ certificate (SHA-256)  SHA256
            ✔ station                ID  1 of 3 made, until 2027-12-31 23:59:59Z

              The label's text, a secret, shown this once:  LABEL

              → print it as a QR code on the hub's label; it pairs after a press on the button
              → countersign hub run --state DIR/a
            exit 0
            """);
    assertThat(run("hub provision --state DIR/a --station DIR/st"))
        .isEqualTo(
            """
            ✘ DIR/a/hub.pem exists: this is hub ID
              → a hub keeps its identity for ever; use another --state, or 'countersign hub replace-key' for a new key
            exit 1
            """);
    JsonNode replaced = json("hub replace-key --state DIR/a --station DIR/st --json");
    assertThat(replaced.path("serial").asString()).isEqualTo("SN-1");
    assertThat(replaced.path("keyCounter").asInt()).isEqualTo(1);
    assertThat(replaced.path("issued").asInt()).isEqualTo(2);
    assertThat(replaced.path("label").asString()).hasSize(100);
    sameKeyTwice();
    assertThat(run("hub provision --state DIR/d --station DIR/st"))
        .isEqualTo(
            """
            ✘ station ID has made its 3 of 3 hubs
              → bring it back; 'countersign hub station create' makes another, where the root is
            exit 1
            """);
    assertThat(run("hub station show --station DIR/st"))
        .isEqualTo(
            """
            ID  Line-3
              made       3 of 3 hubs, 3 delivered
              until      2027-12-31 23:59:59Z
              names      below hub.countersign.invalid
              authority  SHA256
              root       SHA256
              ledger     SHA256
            exit 0
            """);
  }

  private void sameKeyTwice() throws Exception {
    Path key = Files.createDirectories(directory.resolve("b")).resolve("hub.key");
    Files.writeString(key, SigningKey.generate(KeyKind.P256, new SecureRandom()).toPem());
    Files.copy(key, Files.createDirectories(directory.resolve("c")).resolve("hub.key"));
    JsonNode first =
        json("hub provision --state DIR/b --station DIR/st --label-png DIR/label.png --json");
    assertThat(Files.readAllBytes(directory.resolve("label.png")))
        .isEqualTo(QrPicture.of(first.path("label").asString()).png(8));
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(directory.resolve("label.png"))))
        .isEqualTo("rw-------");
    String refused = run("hub provision --state DIR/c --station DIR/st");
    assertThat(refused)
        .isEqualTo(
            """
            ✘ the key ID… is hub ID's (serial ID, number 3, TIME)
              → each hub needs a key of its own: remove hub.key, and one is made; if the line puts keys there, find out where it got this one twice
            exit 1
            """);
    assertThat(first.path("number").asInt()).isEqualTo(3);
  }

  @Test
  @DisplayName("a wrong passphrase, a missing root, a changed quota: what is wrong, and what to do")
  void says_what_is_wrong() throws Exception {
    initialize();
    String create = create("st", 3).replace("2099-01-31", "2027-01-31");
    assertThat(run(create.replace(" --root-passphrase-file DIR/pass", "")))
        .isEqualTo(
            """
            ✘ the root's passphrase is missing, and there is no terminal to ask at
              → --root-passphrase-file FILE reads it from the first line of a file
            exit 2
            """);
    Files.writeString(directory.resolve("wrong"), "another passphrase\n");
    assertThat(run(create.replace("DIR/pass", "DIR/wrong")))
        .isEqualTo(
            """
            ✘ DIR/data/offline/root.key: key file: the passphrase does not open it, or it is damaged
              → give the passphrase that 'countersign init' showed, and the root's own key
            exit 1
            """);
    Path key = directory.resolve("data/offline/root.key");
    Files.move(key, directory.resolve("stick.key"), StandardCopyOption.ATOMIC_MOVE);
    assertThat(run(create)).startsWith("✘ DIR/data/offline/root.key does not exist\n");
    assertThat(run(create + " --root-key DIR/stick.key")).endsWith("exit 0\n");
    Path quota = directory.resolve("st/quota");
    Files.writeString(quota, Files.readString(quota).replace("hubs: 3", "hubs: 9000"));
    assertThat(run("hub provision --state DIR/a --station DIR/st"))
        .isEqualTo(
            """
            ✘ DIR/st: quota: its text is not what the maker's root signed
              → make no more hubs with it: bring it back to the maker, who compares it and makes another
            exit 1
            """);
    assertThat(directory.resolve("a")).doesNotExist();
    assertThat(run("hub provision --state DIR/a --station DIR/nowhere"))
        .startsWith("✘ DIR/nowhere/station.pem is missing\n")
        .endsWith("exit 1\n");
  }
}
