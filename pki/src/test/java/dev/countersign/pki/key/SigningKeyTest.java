// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.pki.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.pki.OpenSsl;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.Signature;
import java.util.Base64;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.misc.MiscObjectIdentifiers;
import org.bouncycastle.asn1.misc.ScryptParams;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.EncryptedPrivateKeyInfo;
import org.bouncycastle.asn1.pkcs.EncryptionScheme;
import org.bouncycastle.asn1.pkcs.KeyDerivationFunc;
import org.bouncycastle.asn1.pkcs.PBES2Parameters;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SigningKeyTest {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final char[] PASSPHRASE = "korrekt-häst-batteri".toCharArray();

  @ParameterizedTest
  @EnumSource(KeyKind.class)
  @DisplayName(
      "A key survives its file, and the public half is computed again from the private one")
  void reads_what_it_wrote(KeyKind kind) throws Exception {
    SigningKey key = SigningKey.generate(kind, RANDOM);

    SigningKey plain = SigningKey.parsePem(key.toPem());
    SigningKey decrypted =
        SigningKey.parseEncryptedPem(key.toEncryptedPem(PASSPHRASE, RANDOM), PASSPHRASE);

    assertThat(plain.publicKey()).isEqualTo(key.publicKey());
    assertThat(decrypted.publicKey()).isEqualTo(key.publicKey());
    Signature verifier = Signature.getInstance(key.signatureAlgorithm());
    verifier.initVerify(key.publicKey());
    verifier.update(new byte[] {1, 2, 3});
    assertThat(verifier.verify(decrypted.sign(new byte[] {1, 2, 3}, RANDOM))).isTrue();
  }

  @Test
  @DisplayName("The hash fits the key: SHA-256 for P-256 and RSA, SHA-384 for P-384")
  void chooses_the_signature_algorithm() {
    assertThat(SigningKey.generate(KeyKind.P256, RANDOM).signatureAlgorithm())
        .isEqualTo("SHA256withECDSA");
    assertThat(SigningKey.generate(KeyKind.P384, RANDOM).signatureAlgorithm())
        .isEqualTo("SHA384withECDSA");
    assertThat(SigningKey.generate(KeyKind.RSA_2048, RANDOM).signatureAlgorithm())
        .isEqualTo("SHA256withRSA");
  }

  @Test
  @DisplayName("Printing a key prints its kind alone")
  void prints_no_content() {
    assertThat(SigningKey.generate(KeyKind.P256, RANDOM)).hasToString("SigningKey[P-256]");
    assertThat(SigningKey.generate(KeyKind.RSA_2048, RANDOM)).hasToString("SigningKey[RSA-2048]");
  }

  @Test
  @DisplayName("The encrypted form shows nothing of the plain one and differs each time")
  void encrypts_with_fresh_salt() {
    SigningKey key = SigningKey.generate(KeyKind.P256, RANDOM);
    String first = key.toEncryptedPem(PASSPHRASE, RANDOM);

    assertThat(first)
        .startsWith("-----BEGIN ENCRYPTED PRIVATE KEY-----\n")
        .isNotEqualTo(key.toEncryptedPem(PASSPHRASE, RANDOM));
    assertThat(new String(Base64.getMimeDecoder().decode(body(first)), StandardCharsets.ISO_8859_1))
        .doesNotContain(
            new String(key.privateKey().getEncoded(), StandardCharsets.ISO_8859_1).substring(30));
  }

  @Test
  void refuses_a_wrong_passphrase() {
    String pem = SigningKey.generate(KeyKind.P256, RANDOM).toEncryptedPem(PASSPHRASE, RANDOM);

    for (String wrong : new String[] {"", "korrekt", "korrekt-hast-batteri"}) {
      assertThatThrownBy(() -> SigningKey.parseEncryptedPem(pem, wrong.toCharArray()))
          .isInstanceOf(KeyFileException.class)
          .hasMessageContaining("passphrase");
    }
  }

  @Test
  void refuses_an_empty_passphrase_for_writing() {
    SigningKey key = SigningKey.generate(KeyKind.P256, RANDOM);

    assertThatThrownBy(() -> key.toEncryptedPem(new char[0], RANDOM))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  @DisplayName("A plain and an encrypted file are not taken for each other")
  void tells_plain_from_encrypted() {
    SigningKey key = SigningKey.generate(KeyKind.P256, RANDOM);

    assertThatThrownBy(() -> SigningKey.parsePem(key.toEncryptedPem(PASSPHRASE, RANDOM)))
        .isInstanceOf(KeyFileException.class)
        .hasMessageContaining("got an encrypted one");
    assertThatThrownBy(() -> SigningKey.parseEncryptedPem(key.toPem(), PASSPHRASE))
        .isInstanceOf(KeyFileException.class)
        .hasMessageContaining("BEGIN ENCRYPTED PRIVATE KEY");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "not a key",
        "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
        "-----BEGIN PRIVATE KEY-----\n!!!\n-----END PRIVATE KEY-----\n",
        "-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----\n"
      })
  void refuses_what_is_not_a_key(String pem) {
    assertThatThrownBy(() -> SigningKey.parsePem(pem)).isInstanceOf(KeyFileException.class);
    assertThatThrownBy(() ->
            SigningKey.parseEncryptedPem(
                pem.replace("PRIVATE KEY", "ENCRYPTED PRIVATE KEY"), PASSPHRASE))
        .isInstanceOf(KeyFileException.class);
  }

  @Test
  @DisplayName("A file that would take a gigabyte to open is refused before the work begins")
  void refuses_an_extravagant_derivation() throws Exception {
    var parameters =
        new PBES2Parameters(
            new KeyDerivationFunc(
                MiscObjectIdentifiers.id_scrypt, new ScryptParams(new byte[16], 1 << 20, 8, 1)),
            new EncryptionScheme(
                NISTObjectIdentifiers.id_aes256_CBC, new DEROctetString(new byte[16])));
    byte[] der =
        new EncryptedPrivateKeyInfo(
                new AlgorithmIdentifier(PKCSObjectIdentifiers.id_PBES2, parameters), new byte[32])
            .getEncoded();
    String pem =
        "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
            + Base64.getEncoder().encodeToString(der)
            + "\n-----END ENCRYPTED PRIVATE KEY-----\n";

    assertThatThrownBy(() -> SigningKey.parseEncryptedPem(pem, PASSPHRASE))
        .isInstanceOf(KeyFileException.class)
        .hasMessageContaining("MiB");
  }

  @ParameterizedTest
  @EnumSource(KeyKind.class)
  @DisplayName("openssl opens the encrypted key with the passphrase, and only with it")
  void is_readable_by_openssl(KeyKind kind, @TempDir Path directory) {
    SigningKey key = SigningKey.generate(kind, RANDOM);
    OpenSsl openssl =
        OpenSsl.in(directory)
            .file("key.pem", key.toEncryptedPem(PASSPHRASE, RANDOM))
            .file("pass", new String(PASSPHRASE));

    OpenSsl.Run pkcs8 = openssl.run("pkcs8", "-in", "key.pem", "-passin", "file:pass");
    OpenSsl.Run pkey =
        openssl.run("pkey", "-in", "key.pem", "-passin", "file:pass", "-check", "-pubout");
    OpenSsl.Run wrong = openssl.run("pkey", "-in", "key.pem", "-passin", "pass:wrong", "-noout");

    assertThat(pkcs8.exitCode()).as(pkcs8.output()).isZero();
    assertThat(pkey.exitCode()).as(pkey.output()).isZero();
    assertThat(pkey.output().replaceAll("\\s", ""))
        .contains(Base64.getEncoder().encodeToString(key.publicKey().getEncoded()));
    assertThat(wrong.exitCode()).isNotZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"-v2 aes-256-cbc", "-scrypt", "-v2 aes-256-cbc -v2prf hmacWithSHA256"})
  @DisplayName("A key whose passphrase somebody changed with openssl is still read")
  void reads_what_openssl_encrypted(String options, @TempDir Path directory) throws Exception {
    SigningKey key = SigningKey.generate(KeyKind.P384, RANDOM);
    OpenSsl openssl = OpenSsl.in(directory).file("plain.pem", key.toPem());

    OpenSsl.Run run =
        openssl.run(
            ("pkcs8 -topk8 -in plain.pem -out key.pem -passout pass:other " + options).split(" "));

    assertThat(run.exitCode()).as(run.output()).isZero();
    assertThat(
            SigningKey.parseEncryptedPem(openssl.read("key.pem"), "other".toCharArray())
                .publicKey())
        .isEqualTo(key.publicKey());
  }

  private static String body(String pem) {
    return pem.replaceAll("-----[A-Z ]+-----", "");
  }
}
