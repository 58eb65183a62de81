// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.identity;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.countersign.client.storage.DurableFile;
import dev.countersign.client.storage.KeyPem;
import dev.countersign.client.storage.StateDirectory;
import dev.countersign.protocol.DeviceSerial;
import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.Sha256;
import dev.countersign.protocol.x509.Certificates;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/**
 * An identity in one PEM file, {@code DIR/identity.pem} (0600): a line with the serial, the private
 * key, the certificate, the root. One file, so that it is replaced in one step. The key of a
 * request under way is in {@code DIR/request.pem}, the hash of a token that was spent in {@code
 * DIR/token-spent}.
 */
public final class FileIdentityStorage implements IdentityStorage {
  private static final String SERIAL = "serial: ";
  private static final int MAX_BYTES = 64 * 1024;

  private final Path identityFile;
  private final Path requestFile;
  private final Path spentTokenFile;

  /**
   * Uses this directory, made if it is not there.
   *
   * @param directory nobody else's; access by others is closed
   */
  public FileIdentityStorage(Path directory) throws IOException {
    StateDirectory.make(directory);
    this.identityFile = directory.resolve("identity.pem");
    this.requestFile = directory.resolve("request.pem");
    this.spentTokenFile = directory.resolve("token-spent");
  }

  @Override
  public KeyPair requestKey() throws IOException, GeneralSecurityException {
    Optional<KeyPair> underWay = keyUnderWay();
    if (underWay.isPresent()) {
      return underWay.get();
    }
    KeyPair made = KeyPem.generate();
    DurableFile.replace(requestFile, KeyPem.write(made).getBytes(US_ASCII));
    return made;
  }

  /** A key that has its certificate is under way no more: the power failed just before. */
  private Optional<KeyPair> keyUnderWay() throws IOException, GeneralSecurityException {
    Optional<byte[]> content = DurableFile.read(requestFile, MAX_BYTES);
    if (!content.isPresent()) {
      return Optional.empty();
    }
    String pem = new String(content.get(), US_ASCII);
    PublicKey key = KeyPem.publicKey(pem, requestFile);
    Optional<DeviceIdentity> identity = load();
    return identity.isPresent() && identity.get().certificate().getPublicKey().equals(key)
        ? Optional.empty()
        : Optional.of(new KeyPair(key, KeyPem.privateKey(pem, requestFile)));
  }

  @Override
  public void discardRequestKey() throws IOException {
    DurableFile.delete(requestFile);
  }

  @Override
  public void tokenSpent(Sha256 token) throws IOException {
    DurableFile.replace(spentTokenFile, (token.hex() + "\n").getBytes(US_ASCII));
  }

  @Override
  public boolean isTokenSpent(Sha256 token) throws IOException {
    Optional<byte[]> spent = DurableFile.read(spentTokenFile, MAX_BYTES);
    return spent.isPresent() && new String(spent.get(), US_ASCII).trim().equals(token.hex());
  }

  @Override
  public Optional<DeviceIdentity> load() throws IOException {
    Optional<byte[]> content = DurableFile.read(identityFile, MAX_BYTES);
    if (!content.isPresent()) {
      return Optional.empty();
    }
    String pem = new String(content.get(), US_ASCII);
    try {
      List<X509Certificate> certificates = Certificates.parsePem(pem);
      if (!pem.startsWith(SERIAL) || certificates.size() != 2) {
        throw new IOException(identityFile + ": expected a serial, a key and two certificates");
      }
      String serial = pem.substring(SERIAL.length(), pem.indexOf('\n'));
      return Optional.of(
          new DeviceIdentity(
              DeviceSerial.parse(serial),
              KeyPem.privateKey(pem, identityFile),
              certificates.get(0),
              certificates.get(1)));
    } catch (MalformedException | GeneralSecurityException e) {
      throw new IOException(
          identityFile + ": expected an identity; delete it and enrol again with a new token", e);
    }
  }

  @Override
  public void store(DeviceIdentity identity) throws IOException {
    String content =
        SERIAL
            + identity.serial()
            + "\n"
            + KeyPem.write(identity.privateKey())
            + Certificates.toPem(identity.certificate())
            + Certificates.toPem(identity.root());
    DurableFile.replace(identityFile, content.getBytes(US_ASCII));
    // A power cut in between leaves the key of a request that was answered; keyUnderWay knows.
    DurableFile.delete(requestFile);
  }
}
