// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.pairing;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.countersign.client.storage.DurableFile;
import dev.countersign.client.storage.KeyPem;
import dev.countersign.client.storage.StateDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Keys in files, {@code DIR/HANDLE.pem} (0600): PKCS #8 and the public half. */
public final class FilePhoneKeys implements PhoneKeys {
  private static final String SUFFIX = ".pem";
  private static final int MAX_BYTES = 4096;
  private static final Pattern HANDLE = Pattern.compile("[A-Za-z0-9-]{1,64}");

  private final Path directory;

  /**
   * Uses this directory, made if it is not there.
   *
   * @param directory nobody else's; access by others is closed
   */
  public FilePhoneKeys(Path directory) throws IOException {
    StateDirectory.make(directory);
    this.directory = directory;
  }

  @Override
  public KeyPair create(String handle) throws IOException, GeneralSecurityException {
    Path file = file(handle);
    if (Files.exists(file)) {
      throw new IllegalArgumentException("there is a key of this name already");
    }
    KeyPair made = KeyPem.generate();
    DurableFile.replace(file, KeyPem.write(made).getBytes(US_ASCII));
    return made;
  }

  @Override
  public KeyPair open(String handle) throws IOException, GeneralSecurityException {
    Path file = file(handle);
    String pem =
        DurableFile.read(file, MAX_BYTES)
            .map(bytes -> new String(bytes, US_ASCII))
            .orElseThrow(() -> new IOException(file + ": the phone's key is gone; pair again"));
    return new KeyPair(KeyPem.publicKey(pem, file), KeyPem.privateKey(pem, file));
  }

  @Override
  public void delete(String handle) throws IOException {
    DurableFile.delete(file(handle));
  }

  @Override
  public Set<String> handles() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .map(file -> String.valueOf(file.getFileName()))
          .filter(name -> name.endsWith(SUFFIX))
          .map(name -> name.substring(0, name.length() - SUFFIX.length()))
          .filter(name -> HANDLE.matcher(name).matches())
          .collect(Collectors.toSet());
    }
  }

  private Path file(String handle) {
    if (!HANDLE.matcher(handle).matches()) {
      throw new IllegalArgumentException("a key's name has letters, digits and hyphens");
    }
    return directory.resolve(handle + SUFFIX);
  }
}
