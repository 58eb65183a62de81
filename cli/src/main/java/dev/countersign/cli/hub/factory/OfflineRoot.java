// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.hub.factory;

import dev.countersign.cli.terminal.CommandException;
import dev.countersign.cli.terminal.Problems;
import dev.countersign.hub.factory.StationMaker;
import dev.countersign.pki.key.KeyFileException;
import dev.countersign.pki.key.SigningKey;
import dev.countersign.protocol.ProtocolException;
import dev.countersign.protocol.x509.Certificates;
import java.io.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The maker's root as {@code init} left it, opened with its passphrase for one use.
 *
 * @param certificate where {@code init} put what devices trust
 * @param key the encrypted key, which may have been moved away
 */
record OfflineRoot(Path certificate, Path key) {
  StationMaker open(Optional<Path> passphraseFile, SecureRandom random) throws CommandException {
    String pem = read(key);
    X509Certificate root = certificate(read(certificate));
    char[] passphrase = passphrase(passphraseFile);
    try {
      return new StationMaker(root, SigningKey.parseEncryptedPem(pem, passphrase), random);
    } catch (KeyFileException e) {
      throw CommandException.refused(
          key + ": " + e.getMessage(),
          "give the passphrase that 'countersign init' showed, and the root's own key");
    } finally {
      Arrays.fill(passphrase, '\0');
    }
  }

  private static String read(Path file) throws CommandException {
    try {
      return Files.readString(file);
    } catch (NoSuchFileException e) {
      throw CommandException.refused(
          file + " does not exist",
          "run this where the root is, with --data; a key that was moved away is named by"
              + " --root-key");
    } catch (IOException e) {
      throw CommandException.refused(
          "cannot read " + file + ": " + Problems.reason(e), "check its permissions");
    }
  }

  private X509Certificate certificate(String pem) throws CommandException {
    try {
      List<X509Certificate> found = Certificates.parsePem(pem);
      if (found.size() == 1) {
        return found.getFirst();
      }
    } catch (ProtocolException e) {
      // said below
    }
    throw CommandException.refused(
        certificate + ": expected one certificate", "restore it from a backup");
  }

  private static char[] passphrase(Optional<Path> file) throws CommandException {
    if (file.isPresent()) {
      return read(file.get()).lines().findFirst().orElse("").toCharArray();
    }
    char[] typed = asked();
    if (typed == null) {
      throw CommandException.usage(
          "the root's passphrase is missing, and there is no terminal to ask at",
          "--root-passphrase-file FILE reads it from the first line of a file");
    }
    return typed;
  }

  /** Null where nobody sits: Java 25 has no console then, Java 22 to 24 one without a terminal. */
  @SuppressWarnings("SystemConsoleNull")
  private static char @Nullable [] asked() {
    Console console = System.console();
    return console != null && console.isTerminal()
        ? console.readPassword("Passphrase of the root: ")
        : null;
  }
}
