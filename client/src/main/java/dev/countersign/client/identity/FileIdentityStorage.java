// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.identity;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.countersign.protocol.DeviceSerial;
import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.x509.Certificates;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An identity in one PEM file, {@code DIR/identity.pem} (0600): a line with the serial, the private
 * key, the certificate, the root. One file, so that it is replaced in one step.
 */
public final class FileIdentityStorage implements IdentityStorage {
  private static final String SERIAL = "serial: ";
  private static final Pattern KEY =
      Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");

  private final Path file;

  /**
   * Uses this directory, made if it is not there.
   *
   * @param directory nobody else's; access by others is closed
   */
  public FileIdentityStorage(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      Files.createDirectories(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
    this.file = directory.resolve("identity.pem");
  }

  @Override
  public KeyPair makeKey() throws GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    return generator.generateKeyPair();
  }

  @Override
  public Optional<DeviceIdentity> load() throws IOException {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    String pem = Files.readString(file);
    try {
      List<X509Certificate> certificates = Certificates.parsePem(pem);
      if (!pem.startsWith(SERIAL) || certificates.size() != 2) {
        throw new IOException(file + ": expected a serial, a key and two certificates");
      }
      String serial = pem.substring(SERIAL.length(), pem.indexOf('\n'));
      return Optional.of(
          new DeviceIdentity(
              DeviceSerial.parse(serial),
              privateKey(pem),
              certificates.get(0),
              certificates.get(1)));
    } catch (MalformedException | GeneralSecurityException e) {
      throw new IOException(file + ": expected an identity; enrol again with a new token", e);
    }
  }

  private PrivateKey privateKey(String pem) throws IOException, GeneralSecurityException {
    Matcher matcher = KEY.matcher(pem);
    if (!matcher.find()) {
      throw new IOException(file + ": expected a private key in PKCS #8");
    }
    byte[] der = Base64.getMimeDecoder().decode(matcher.group(1));
    return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(der));
  }

  @Override
  public void store(DeviceIdentity identity) throws IOException {
    String content =
        SERIAL
            + identity.serial()
            + "\n-----BEGIN PRIVATE KEY-----\n"
            + Base64.getMimeEncoder(64, new byte[] {'\n'})
                .encodeToString(identity.privateKey().getEncoded())
            + "\n-----END PRIVATE KEY-----\n"
            + Certificates.toPem(identity.certificate())
            + Certificates.toPem(identity.root());
    Path draft = file.resolveSibling("identity.pem.new");
    Files.deleteIfExists(draft);
    try (FileChannel channel =
        FileChannel.open(
            draft,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
      ByteBuffer buffer = ByteBuffer.wrap(content.getBytes(US_ASCII));
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      channel.force(true);
    }
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
