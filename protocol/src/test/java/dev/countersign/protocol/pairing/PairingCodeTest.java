// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.pairing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.SecretAccess;
import dev.countersign.protocol.Sha256;
import dev.countersign.protocol.examples.PairingVectors;
import dev.countersign.protocol.pairing.PairingCode.Place;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.bouncycastle.util.encoders.Base32;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The code in a hub's QR code")
class PairingCodeTest {
  private static final SecretAccess ACCESS = SecretAccess.insecure();
  private static final String TEXT = PairingVectors.text("qr.screen.text");
  private static final byte[] BYTES = PairingVectors.bytes("qr.screen.bytes");

  private final SecureRandom random = new SecureRandom();

  /** The text of these 58 bytes with a checksum that holds. */
  private static String checked(byte[] bytes) {
    byte[] all = Arrays.copyOf(bytes, 60);
    byte[] check = Sha256.of(Arrays.copyOf(bytes, 58)).bytes();
    all[58] = check[0];
    all[59] = check[1];
    return "CS1:" + new String(Base32.encode(all), StandardCharsets.US_ASCII);
  }

  private static String with(int at, int value) {
    byte[] changed = BYTES.clone();
    changed[at] = (byte) value;
    return checked(changed);
  }

  @Test
  @DisplayName("is read as it was written, for every place, role and button")
  void round_trip() throws Exception {
    for (Place place : Place.values()) {
      for (Role role : Role.values()) {
        for (boolean button : new boolean[] {true, false}) {
          var code =
              new PairingCode(
                  place,
                  button,
                  role,
                  HubId.random(random),
                  PairingSecret.random(random),
                  Sha256.of(new byte[] {(byte) random.nextInt()}));
          PairingCode read = PairingCode.parse(code.text(ACCESS));
          assertThat(read.text(ACCESS)).isEqualTo(code.text(ACCESS)).matches("[A-Z0-9:]{100}");
          assertThat(read.place()).isEqualTo(place);
          assertThat(read.role()).isEqualTo(role);
          assertThat(read.needsButton()).isEqualTo(button);
          assertThat(read.secret()).isEqualTo(code.secret());
        }
      }
    }
  }

  @Test
  @DisplayName("small letters and blanks around it are forgiven")
  void forgives() throws Exception {
    PairingCode read = PairingCode.parse(" \n" + TEXT.toLowerCase(Locale.ROOT) + "\r\n");
    assertThat(read.text(ACCESS)).isEqualTo(TEXT);
  }

  @Test
  @DisplayName("each character that was read wrongly is noticed, but for one in 65 536")
  void wrong_characters() {
    List<String> alphabet = List.of("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".split(""));
    int passed = 0;
    for (int at = 4; at < TEXT.length(); at++) {
      for (String c : alphabet) {
        String other = TEXT.substring(0, at) + c + TEXT.substring(at + 1);
        try {
          PairingCode.parse(other);
          passed += other.equals(TEXT) ? 0 : 1;
        } catch (MalformedException e) {
          assertThat(e).hasMessageNotContaining(other.substring(10, 90));
        }
      }
    }
    assertThat(passed).isZero();
  }

  @Test
  @DisplayName("letters that become others when they are made large are none")
  void foreign_letters() {
    String withS = TEXT.replace("CS1:", "C\u017f1:");
    assertThatThrownBy(() -> PairingCode.parse(withS)).isInstanceOf(MalformedException.class);
    int at = TEXT.indexOf('I', 4);
    String withI = TEXT.substring(0, at) + '\u0131' + TEXT.substring(at + 1);
    assertThatThrownBy(() -> PairingCode.parse(withI)).isInstanceOf(MalformedException.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2, 255})
  @DisplayName("another version is refused by its number")
  void versions(int version) {
    assertThatThrownBy(() -> PairingCode.parse(with(0, version)))
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining("got " + version);
  }

  @Test
  @DisplayName("flags: one place, a role that there is, and no reserved bit")
  void flags() {
    int accepted = 0;
    for (int flags = 0; flags < 256; flags++) {
      String text = with(1, flags);
      boolean onePlace = Integer.bitCount(flags & 7) == 1;
      boolean role = (flags >> 4 & 7) < 4;
      if (onePlace && role && flags < 128) {
        accepted++;
        assertThat(parsed(text)).isNotNull();
      } else {
        assertThatThrownBy(() -> PairingCode.parse(text)).isInstanceOf(MalformedException.class);
      }
    }
    assertThat(accepted).isEqualTo(3 * 2 * 4);
  }

  private static PairingCode parsed(String text) {
    try {
      return PairingCode.parse(text);
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  @DisplayName("a checksum that differs in either byte is refused")
  void checksum() {
    for (int at : new int[] {58, 59}) {
      byte[] changed = BYTES.clone();
      changed[at] ^= 1;
      String text = "CS1:" + new String(Base32.encode(changed), StandardCharsets.US_ASCII);
      assertThatThrownBy(() -> PairingCode.parse(text)).hasMessageContaining("checksum");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "CS1:", "CS2:", "WIFI:S:hub;;", "https://example.com"})
  @DisplayName("anything else is none")
  void refuses(String text) {
    assertThatThrownBy(() -> PairingCode.parse(text)).isInstanceOf(MalformedException.class);
  }

  @Test
  @DisplayName("does not show its secret")
  void hides() throws Exception {
    PairingCode code = PairingCode.parse(TEXT);
    assertThat(code.toString()).contains(code.hub().toString()).contains("hidden");
    assertThat(code.secret()).hasToString("PairingSecret[hidden]");
  }
}
