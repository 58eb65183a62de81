// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.agent;

import dev.countersign.cli.terminal.CommandException;
import dev.countersign.cli.terminal.Problems;
import dev.countersign.client.agent.DeviceAgent.KeyWay;
import dev.countersign.client.psk.PskCredential;
import dev.countersign.client.sealed.DeviceKeys;
import dev.countersign.client.sealed.FileDeviceKeys;
import dev.countersign.client.sealed.SecretFile;
import dev.countersign.protocol.DeviceSerial;
import dev.countersign.protocol.keys.DeviceKey;
import dev.countersign.protocol.keys.KeyId;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options of an agent that proves itself by its pre-set secret. */
final class ByKey {
  enum Mode {
    certificate,
    psk,
    sealed,
    mac
  }

  @Option(
      names = "--mode",
      paramLabel = "MODE",
      defaultValue = "certificate",
      description =
          "How the device proves itself: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}). With"
              + " psk the URL is that of the port for pre-shared keys, such as"
              + " https://devices.example.com:8444. With sealed and mac the messages are protected"
              + " by themselves and go through --relay; mac does not hide them.")
  private Mode mode = Mode.certificate;

  @Option(
      names = "--secret-file",
      paramLabel = "FILE",
      description =
          "With --mode psk, sealed or mac: a file with the device's pre-set secret as its only"
              + " line.")
  private Optional<Path> secretFile = Optional.empty();

  @Option(
      names = "--generation",
      paramLabel = "N",
      defaultValue = "1",
      description = "Of the secret, from 1 (default: ${DEFAULT-VALUE}).")
  private int generation = 1;

  @Option(
      names = "--enrol",
      paramLabel = "URL",
      description =
          "Not with --mode certificate: get a certificate by the key, and go on with it at this"
              + " URL, such as https://devices.example.com:8443. Once that certificate is used, the"
              + " key is refused.")
  private Optional<URI> enrol = Optional.empty();

  /** The way by the key, if that was asked for; its credential is for the caller to close. */
  Optional<KeyWay> way(URI server, DeviceSerial serial) throws CommandException {
    if (mode == Mode.certificate) {
      if (secretFile.isPresent() || enrol.isPresent()) {
        throw CommandException.usage(
            "--secret-file and --enrol are for devices with a secret",
            "add --mode psk, sealed or mac, or leave them out");
      }
      return Optional.empty();
    }
    check();
    if (isSealed()) {
      return Optional.empty();
    }
    PskCredential credential = PskCredential.of(serial, generation, readKey(secretFile.get()));
    return Optional.of(new KeyWay(server, credential, enrol.isPresent()));
  }

  /** Whether messages go sealed through a relay. */
  boolean isSealed() {
    return mode == Mode.sealed || mode == Mode.mac;
  }

  boolean isMac() {
    return mode == Mode.mac;
  }

  boolean enrols() {
    return enrol.isPresent();
  }

  /** The keys of a sealed device, and those that follow in its state. */
  DeviceKeys keys(Path state) throws CommandException {
    check();
    return new FileDeviceKeys(new SecretFile(secretFile.orElseThrow()), generation, state);
  }

  private void check() throws CommandException {
    if (secretFile.isEmpty()) {
      throw CommandException.usage(
          "--mode " + mode + " needs the device's secret", "give it with --secret-file FILE");
    }
    if (generation < 1 || generation > KeyId.MAX_GENERATION) {
      throw CommandException.usage(
          "--generation expects a number from 1 to 255, got " + generation,
          "leave it out for a secret that was never replaced");
    }
    if (enrol.isPresent() && (!"https".equals(enrol.get().getScheme()) || noHost(enrol.get()))) {
      throw CommandException.usage(
          "--enrol expects a URL such as https://localhost:8443, got " + enrol.get(),
          "write it with https:// and a port");
    }
  }

  private static boolean noHost(URI url) {
    return url.getHost() == null;
  }

  /** Where certificates are shown: what {@code --enrol} names, else the server itself. */
  URI certificateServer(URI server) {
    return enrol.orElse(server);
  }

  private static DeviceKey readKey(Path file) throws CommandException {
    try {
      return new SecretFile(file).read();
    } catch (IOException e) {
      throw CommandException.refused(
          "cannot read " + file + ": " + Problems.reason(e),
          "name a file that you may read, with the secret as its only line");
    }
  }
}
