// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.hub.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.hub.factory.TrialMaker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A hub's identity on disk")
final class HubIdentityFileTest {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Instant AT = Instant.parse("2026-11-22T08:00:00Z");
  private static final Pattern KEY =
      Pattern.compile("-----BEGIN PRIVATE KEY-----[^-]+-----END PRIVATE KEY-----\n");

  @TempDir private Path state = Path.of("unset");

  private HubIdentity make() throws IOException {
    return TrialMaker.provision(new HubIdentityFile(state), AT, RANDOM);
  }

  @Test
  @DisplayName("is read as it was written, and for its owner alone")
  void reads_what_was_written() throws Exception {
    assertThat(new HubIdentityFile(state).load()).isEmpty();
    HubIdentity made = make();
    HubIdentity read = new HubIdentityFile(state).load().orElseThrow();

    assertThat(read.id()).isEqualTo(made.id());
    assertThat(read.serial()).isEqualTo(made.serial());
    assertThat(read.chain()).isEqualTo(made.chain());
    assertThat(read.privateKey()).isEqualTo(made.privateKey());
    assertThat(read.label()).isEqualTo(made.label());
    assertThat(read.keyCounter()).isZero();
    assertThat(read.successions()).isEmpty();
    assertThat(
            PosixFilePermissions.toString(Files.getPosixFilePermissions(state.resolve("hub.pem"))))
        .isEqualTo("rw-------");
    assertThat(read.toString()).contains(read.id().toString()).contains("hidden");
  }

  @Test
  @DisplayName(
      "a key that is not the certificate's is refused, and so is another hub's file in part")
  void refuses_what_does_not_belong_together() throws Exception {
    make();
    String one = Files.readString(state.resolve("hub.pem"));
    make();
    String two = Files.readString(state.resolve("hub.pem"));
    Matcher keyOfOne = KEY.matcher(one);
    assertThat(keyOfOne.find()).isTrue();
    Files.writeString(
        state.resolve("hub.pem"),
        KEY.matcher(two).replaceFirst(Matcher.quoteReplacement(keyOfOne.group())));
    assertDamaged();
    String head = one.substring(0, one.indexOf('\n'));
    Files.writeString(state.resolve("hub.pem"), head + two.substring(two.indexOf('\n')));
    assertDamaged();
  }

  @ParameterizedTest
  @ValueSource(strings = {"hub: ", "label: ", "key-counter: ", "BEGIN PRIVATE", "BEGIN CERT"})
  @DisplayName("a damaged file is refused with its name and what to do, never with its content")
  void refuses_a_damaged_file(String part) throws Exception {
    make();
    Path file = state.resolve("hub.pem");
    Files.writeString(file, Files.readString(file).replaceFirst(part, "x" + part));
    assertDamaged();
  }

  private void assertDamaged() {
    assertThatThrownBy(() -> new HubIdentityFile(state).load())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("hub.pem is damaged")
        .hasMessageContaining("restore it");
  }

  @Test
  @DisplayName(
      "a trial hub has a root of its own, is made at any time, and says that it is for trying")
  void makes_trial_hubs_at_any_time() throws Exception {
    for (String at : new String[] {"1970-01-01T00:00:00Z", "2099-01-01T00:00:00Z"}) {
      HubIdentity hub = TrialMaker.provision(new HubIdentityFile(state), Instant.parse(at), RANDOM);
      assertThat(new HubIdentityFile(state).load().orElseThrow().isTrial()).isTrue();
      assertThat(hub.root().getSubjectX500Principal().getName()).contains("not for products");
    }
    assertThat(make().root()).isNotEqualTo(make().root());
  }
}
