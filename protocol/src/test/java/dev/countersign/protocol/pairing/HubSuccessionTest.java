// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.pairing;

import static dev.countersign.protocol.examples.PairingVectors.bytes;
import static dev.countersign.protocol.examples.PairingVectors.hub;
import static dev.countersign.protocol.examples.PairingVectors.privateKey;
import static dev.countersign.protocol.examples.PairingVectors.publicKey;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.NotAuthenticException;
import dev.countersign.protocol.ProtocolException;
import dev.countersign.protocol.Sha256;
import dev.countersign.protocol.cbor.CborWriter;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A hub's old key names its successor")
class HubSuccessionTest {
  private final List<KeyPair> keys = new ArrayList<>();

  @BeforeEach
  void makes_keys() throws Exception {
    for (int i = 0; i < 4; i++) {
      keys.add(key("EC", 256));
    }
  }

  private static KeyPair key(String algorithm, int size) throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
    generator.initialize(size);
    return generator.generateKeyPair();
  }

  private PublicKey publicOf(int key) {
    return keys.get(key).getPublic();
  }

  /** From one key to another. */
  private byte[] statement(int from, int to, long counter) throws GeneralSecurityException {
    return HubSuccession.sign(hub(), publicOf(to), counter, keys.get(from).getPrivate());
  }

  @Test
  @DisplayName("is verified with the old key")
  void verifies() throws Exception {
    for (int i = 0; i < 50; i++) {
      byte[] statement = statement(0, 1, 7); // r and s of any length in DER
      HubSuccession read = HubSuccession.verify(statement, hub(), publicOf(0));
      assertThat(read.hub()).isEqualTo(hub());
      assertThat(read.newKey()).isEqualTo(Sha256.of(publicOf(1).getEncoded()));
      assertThat(read.newPublicKey()).isEqualTo(publicOf(1));
      assertThat(read.counter()).isEqualTo(7);
      assertThat(read.encoded()).isEqualTo(statement);
    }
  }

  @Test
  @DisplayName("any bit flipped is refused")
  void flipped_bits() throws Exception {
    byte[] statement = statement(0, 1, 1);
    for (int bit = 0; bit < 8 * statement.length; bit++) {
      byte[] flipped = statement.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      assertThatThrownBy(() -> HubSuccession.verify(flipped, hub(), publicOf(0)))
          .as("bit %s", bit)
          .isInstanceOf(ProtocolException.class);
    }
  }

  @Test
  @DisplayName("cut off or lengthened, it is refused")
  void lengths() throws Exception {
    byte[] statement = statement(0, 1, 1);
    for (int length = 0; length < statement.length + 2; length++) {
      byte[] other = Arrays.copyOf(statement, length);
      if (length != statement.length) {
        assertThatThrownBy(() -> HubSuccession.verify(other, hub(), publicOf(0)))
            .isInstanceOf(MalformedException.class);
      }
    }
  }

  @Test
  @DisplayName("RFC 8949 §4.2.1: the same content in a longer form is refused")
  void one_form() throws Exception {
    byte[] statement = statement(0, 1, 1);
    byte[] longer = new byte[statement.length + 1];
    System.arraycopy(statement, 1, longer, 2, statement.length - 1);
    longer[0] = (byte) 0x98;
    longer[1] = 4;
    assertThatThrownBy(() -> HubSuccession.verify(longer, hub(), publicOf(0)))
        .hasMessageContaining("shortest form");
  }

  @Test
  @DisplayName("by another key it is refused")
  void other_signer() throws Exception {
    byte[] statement = statement(1, 2, 1);
    assertThatThrownBy(() -> HubSuccession.verify(statement, hub(), publicOf(0)))
        .isInstanceOf(NotAuthenticException.class);
  }

  @Test
  @DisplayName("about another hub it is refused")
  void other_hub() throws Exception {
    byte[] statement = statement(0, 1, 1);
    HubId other = HubId.random(new SecureRandom());
    assertThatThrownBy(() -> HubSuccession.verify(statement, other, publicOf(0)))
        .isInstanceOf(NotAuthenticException.class);
  }

  @Test
  @DisplayName("the key beside the signature has to be the one that is named in it")
  void other_key_beside() throws Exception {
    byte[] statement = statement(0, 1, 1);
    byte[] exchanged = statement.clone();
    // Behind the array, {1: -7} as bytes, the map, its label, and the head of the bytes.
    System.arraycopy(publicOf(2).getEncoded(), 0, exchanged, 13, P256Keys.SPKI_BYTES);
    assertThat(Arrays.copyOfRange(statement, 13, 13 + P256Keys.SPKI_BYTES))
        .isEqualTo(publicOf(1).getEncoded());
    assertThatThrownBy(() -> HubSuccession.verify(exchanged, hub(), publicOf(0)))
        .isInstanceOf(NotAuthenticException.class);
  }

  @Test
  @DisplayName("RFC 9052 §4.4: a signature without our external data is none of ours")
  void other_use_of_the_key() throws Exception {
    byte[] statement = statement(0, 1, 1);
    byte[] payload =
        Arrays.copyOfRange(statement, statement.length - 66 - 48, statement.length - 66);
    for (String external : new String[] {"", "cs1-other"}) {
      byte[] signed =
          new CborWriter()
              .array(4)
              .text("Signature1")
              .bytes(new byte[] {(byte) 0xa1, 1, 0x26})
              .bytes(external.getBytes(US_ASCII))
              .bytes(payload)
              .toByteArray();
      byte[] other = statement.clone();
      System.arraycopy(plain(signed, keys.get(0).getPrivate()), 0, other, other.length - 64, 64);
      assertThatThrownBy(() -> HubSuccession.verify(other, hub(), publicOf(0)))
          .isInstanceOf(NotAuthenticException.class);
    }
  }

  private static byte[] plain(byte[] signed, PrivateKey key) throws GeneralSecurityException {
    Signature signer = Signature.getInstance("SHA256withECDSAinP1363Format");
    signer.initSign(key);
    signer.update(signed);
    return signer.sign();
  }

  @Test
  @DisplayName("a signature of zeros, or of numbers beyond the order, is none")
  void signatures_out_of_range() throws Exception {
    for (int fill : new int[] {0, 0xff}) {
      byte[] statement = statement(0, 1, 1);
      Arrays.fill(statement, statement.length - 64, statement.length, (byte) fill);
      assertThatThrownBy(() -> HubSuccession.verify(statement, hub(), publicOf(0)))
          .isInstanceOf(NotAuthenticException.class);
    }
  }

  @Test
  @DisplayName("a phone that was away for several of them follows all")
  void follows() throws Exception {
    List<byte[]> all = List.of(statement(0, 1, 1), statement(1, 2, 2), statement(2, 3, 5));
    assertThat(follow(all, 0, 0)).map(HubSuccession::newPublicKey).contains(publicOf(3));
    assertThat(follow(all, 1, 1)).map(HubSuccession::counter).contains(5L);
    assertThat(follow(all, 2, 2)).map(HubSuccession::newPublicKey).contains(publicOf(3));
    assertThat(follow(all, 3, 5)).isEmpty();
    assertThat(follow(List.of(), 0, 0)).isEmpty();
  }

  private Optional<HubSuccession> follow(List<byte[]> statements, int known, long after)
      throws MalformedException {
    return HubSuccession.follow(statements, hub(), publicOf(known), after);
  }

  @Test
  @DisplayName("a list with a gap, or in another order, leads as far as it holds")
  void gaps() throws Exception {
    byte[] first = statement(0, 1, 1);
    byte[] second = statement(1, 2, 2);
    byte[] third = statement(2, 3, 3);
    assertThat(follow(List.of(first, third), 0, 0))
        .map(HubSuccession::newPublicKey)
        .contains(publicOf(1));
    assertThat(follow(List.of(second, third), 0, 0)).isEmpty();
    assertThat(follow(List.of(second, first), 0, 0)).map(HubSuccession::counter).contains(1L);
  }

  @Test
  @DisplayName("a counter that does not rise is not followed: an old statement leads nowhere")
  void counters() throws Exception {
    assertThat(follow(List.of(statement(0, 1, 1), statement(1, 2, 1)), 0, 0))
        .map(HubSuccession::newPublicKey)
        .contains(publicOf(1));
    assertThat(follow(List.of(statement(0, 1, 3)), 0, 3)).isEmpty();
  }

  @Test
  @DisplayName("keys other than P-256 are refused")
  void other_keys() throws Exception {
    KeyPair p384 = key("EC", 384);
    KeyPair rsa = key("RSA", 2048);
    PrivateKey old = keys.get(0).getPrivate();
    assertThatThrownBy(() -> HubSuccession.sign(hub(), p384.getPublic(), 1, old))
        .isInstanceOf(GeneralSecurityException.class);
    assertThatThrownBy(() -> HubSuccession.sign(hub(), rsa.getPublic(), 1, old))
        .isInstanceOf(GeneralSecurityException.class);
    assertThatThrownBy(() -> HubSuccession.sign(hub(), publicOf(1), 1, rsa.getPrivate()))
        .isInstanceOf(GeneralSecurityException.class);
    assertThatThrownBy(() -> HubSuccession.sign(hub(), publicOf(1), 1, p384.getPrivate()))
        .isInstanceOf(GeneralSecurityException.class);
    assertThatThrownBy(() -> HubSuccession.sign(hub(), publicOf(1), 0, old))
        .isInstanceOf(IllegalArgumentException.class);
    byte[] statement = statement(0, 1, 1);
    assertThatThrownBy(() -> HubSuccession.verify(statement, hub(), p384.getPublic()))
        .isInstanceOf(NotAuthenticException.class);
    assertThatThrownBy(() -> HubSuccession.verify(statement, hub(), rsa.getPublic()))
        .isInstanceOf(NotAuthenticException.class);
  }

  @Test
  @DisplayName("a list of them is read as it was written, and has at most 16")
  void lists() throws Exception {
    byte[] statement = bytes("succession.statement");
    byte[] body = HubSuccession.encodeAll(List.of(statement, statement));
    assertThat(HubSuccession.decodeAll(body)).containsExactly(statement, statement);
    assertThat(HubSuccession.decodeAll(HubSuccession.encodeAll(List.of()))).isEmpty();
    assertThatThrownBy(() -> HubSuccession.encodeAll(Collections.nCopies(17, statement)))
        .isInstanceOf(IllegalArgumentException.class);
    byte[] tooMany = ByteStrings.encode(Collections.nCopies(17, statement));
    assertThatThrownBy(() -> HubSuccession.decodeAll(tooMany))
        .isInstanceOf(MalformedException.class);
  }

  @Test
  @DisplayName("the key of the examples signs what the examples' key verifies")
  void key_of_the_examples() throws Exception {
    byte[] statement =
        HubSuccession.sign(
            hub(), publicKey("succession.newKey"), 1, privateKey("succession.oldPrivate"));
    assertThat(Arrays.copyOf(statement, statement.length - 64))
        .isEqualTo(Arrays.copyOf(bytes("succession.statement"), statement.length - 64));
    assertThatCode(() -> HubSuccession.verify(statement, hub(), publicKey("succession.oldKey")))
        .doesNotThrowAnyException();
  }
}
