// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.hub.factory;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.countersign.client.storage.DurableFile;
import dev.countersign.hub.factory.StationRefusedException.Reason;
import dev.countersign.pki.KeyPolicy;
import dev.countersign.pki.RefusedRequestException;
import dev.countersign.pki.VerifiedRequest;
import dev.countersign.pki.key.KeyFileException;
import dev.countersign.pki.key.KeyKind;
import dev.countersign.pki.key.SigningKey;
import dev.countersign.protocol.x509.CertificateRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.util.Optional;

/**
 * The key of a hub that has no certificate for it yet, {@code STATE/hub.key}: made here, or put
 * there by the line. Beside it, {@code STATE/provisioning} holds the claim under which the station
 * knows this directory until the certificate is in it. Both are gone when that is done.
 */
final class HubKeyFile {
  private static final int MAX_BYTES = 16 * 1024;

  private final Path keyFile;
  private final Path claimFile;
  private final SecureRandom random;

  HubKeyFile(Path state, SecureRandom random) {
    this.keyFile = state.resolve("hub.key");
    this.claimFile = state.resolve("provisioning");
    this.random = random;
  }

  /** Whether an attempt is under way, and was not finished. */
  boolean isUnderWay() throws IOException {
    return DurableFile.read(claimFile, MAX_BYTES).isPresent();
  }

  /** The claim; a new one if there is none. On the disk before anything is asked of the station. */
  Claim claim() throws IOException {
    Optional<byte[]> content = DurableFile.read(claimFile, MAX_BYTES);
    if (content.isPresent()) {
      try {
        return Claim.parse(new String(content.get(), US_ASCII).strip());
      } catch (IllegalArgumentException e) {
        throw new IOException(claimFile + " is damaged; remove it and hub.key, and begin anew", e);
      }
    }
    Claim claim = Claim.random(random);
    DurableFile.replace(claimFile, (claim.text() + "\n").getBytes(US_ASCII));
    return claim;
  }

  /** The key, if there is one. */
  Optional<SigningKey> read() throws IOException {
    Optional<byte[]> content = DurableFile.read(keyFile, MAX_BYTES);
    if (content.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(SigningKey.parsePem(new String(content.get(), US_ASCII)));
    } catch (KeyFileException e) {
      throw new IOException(keyFile + ": " + e.getMessage() + "; remove it, and a key is made", e);
    }
  }

  /** The key; a new one of P-256 if there is none. */
  SigningKey readOrMake() throws IOException {
    Optional<SigningKey> there = read();
    if (there.isPresent()) {
      return there.get();
    }
    SigningKey made = SigningKey.generate(KeyKind.P256, random);
    DurableFile.replace(keyFile, made.toPem().getBytes(US_ASCII));
    return made;
  }

  /** What a station certifies: a key that is fit, with the proof that this directory holds it. */
  VerifiedRequest request(SigningKey key) throws StationRefusedException {
    try {
      return VerifiedRequest.verify(
          CertificateRequest.create(new KeyPair(key.publicKey(), key.privateKey())),
          KeyPolicy.standard());
    } catch (RefusedRequestException e) {
      throw new StationRefusedException(
          Reason.BAD_KEY,
          keyFile + ": " + e.getMessage(),
          "remove it, and a key is made; if the line puts keys there, none of them may be used");
    } catch (GeneralSecurityException e) {
      throw new StationRefusedException(
          Reason.BAD_KEY, keyFile + " cannot sign", "remove it, and a key is made");
    }
  }

  /** The key is in the identity; there is one copy of it. */
  void discard() throws IOException {
    DurableFile.delete(keyFile);
    DurableFile.delete(claimFile);
  }
}
