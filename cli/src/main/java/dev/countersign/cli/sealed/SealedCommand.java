// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.sealed;

import dev.countersign.cli.terminal.CommandException;
import dev.countersign.cli.terminal.Problems;
import dev.countersign.cli.terminal.Terminal;
import dev.countersign.client.sealed.SecretFile;
import dev.countersign.protocol.DeviceSerial;
import dev.countersign.protocol.Hexadecimal;
import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.keys.DeviceKey;
import dev.countersign.protocol.keys.KeyId;
import dev.countersign.protocol.keys.SealedAlgorithm;
import dev.countersign.protocol.sealed.SealedMessage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Option;

/** What seal and open have in common: whose key it is, and which. */
abstract class SealedCommand implements Callable<Integer> {
  private static final int MAX_CONTEXT_BYTES = 63;

  private final Terminal terminal;

  @Option(
      names = "--secret-file",
      paramLabel = "FILE",
      required = true,
      description = "The device's secret, as it was given to the device. One line end is left out.")
  private Path secretFile = Path.of("");

  @Option(names = "--serial", paramLabel = "SERIAL", required = true, description = "The device.")
  private DeviceSerial serial = new DeviceSerial("0");

  @Option(
      names = "--generation",
      paramLabel = "N",
      defaultValue = "1",
      description = "Which key in a row (default: ${DEFAULT-VALUE}).")
  private long generation = 1;

  /** Named as on the command line. */
  enum Algorithm {
    ccm,
    ccm8,
    chacha20
  }

  @Option(
      names = "--algorithm",
      paramLabel = "NAME",
      defaultValue = "ccm",
      description = "As the device was registered: ${COMPLETION-CANDIDATES} (default: ccm).")
  private Algorithm algorithm = Algorithm.ccm;

  /** Named as on the command line. */
  enum Level {
    sealed,
    mac
  }

  @Option(
      names = "--level",
      paramLabel = "LEVEL",
      defaultValue = "sealed",
      description = "What is used of the key: ${COMPLETION-CANDIDATES} (default: sealed).")
  private Level level = Level.sealed;

  @Option(
      names = "--id-context",
      paramLabel = "HEX",
      description = "The ID Context that device and server agreed on, after lost state.")
  private Optional<String> idContext = Optional.empty();

  SealedCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  final Terminal terminal() {
    return terminal;
  }

  final boolean isMac() {
    return level == Level.mac;
  }

  /** The key; the caller closes it. */
  private DeviceKey key() throws CommandException {
    try {
      return new SecretFile(secretFile).read();
    } catch (IOException e) {
      throw CommandException.refused(
          "the secret cannot be read: " + Problems.reason(e),
          "name the file that has the device's secret");
    }
  }

  /** Both sides of the device's key. */
  final Keys keys() throws CommandException {
    if (generation < 1 || generation > KeyId.MAX_GENERATION) {
      throw CommandException.usage(
          "--generation expects 1 to " + KeyId.MAX_GENERATION + ", got " + generation,
          "it is 1 until the device changed its key");
    }
    SealedAlgorithm used = SealedAlgorithm.named(algorithm.name()).orElseThrow();
    return new Keys(key(), serial, (int) generation, used);
  }

  /** The ID Context that was given. */
  final Optional<byte[]> context() throws CommandException {
    if (idContext.isEmpty()) {
      return Optional.empty();
    }
    if (isMac()) {
      throw CommandException.usage(
          "--id-context means nothing with --level mac", "leave one of them out");
    }
    byte[] context = hex("--id-context", idContext.get());
    if (context.length == 0 || context.length > MAX_CONTEXT_BYTES) {
      throw CommandException.usage(
          "--id-context expects 1 to " + MAX_CONTEXT_BYTES + " bytes", "leave it out for none");
    }
    return Optional.of(context);
  }

  static byte[] hex(String option, String text) throws CommandException {
    try {
      return Hexadecimal.decode(text);
    } catch (IllegalArgumentException e) {
      throw CommandException.usage(
          option + ": " + e.getMessage(), "write two hexadecimal digits for each byte");
    }
  }

  static SealedMessage token(String text) throws CommandException {
    try {
      return SealedMessage.parse(text.strip());
    } catch (MalformedException e) {
      throw CommandException.refused(
          "this is no token: " + e.problem(), "a token begins with o1. or m1. and has no spaces");
    }
  }
}
