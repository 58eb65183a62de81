// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a run does.
 *
 * @param port of the server, on this machine
 * @param serverPid whose CPU time is counted, its children's included
 * @param identities certificates (PEM) beside which there is a key of the same name, used in turn
 * @param connections open at a time
 * @param reconnects whether each operation has a connection, and a full handshake, of its own
 * @param resumes whether those handshakes resume a session, after a first full one per identity
 * @param warmup operations before counting begins
 * @param operations that are counted
 * @param status the only answer that is not an error
 * @param request the bytes of one request; none if messages are sealed
 * @param sealed devices that seal, instead of identities: see {@link SealedConversation#read}
 * @param get whether sealed messages go as GET, else as POST
 */
@SuppressWarnings("ArrayRecordComponent") // made, read once, and gone
record LoadOptions(
    int port,
    long serverPid,
    List<Path> identities,
    int connections,
    boolean reconnects,
    boolean resumes,
    int warmup,
    int operations,
    int status,
    byte[] request,
    Optional<Path> sealed,
    boolean get) {
  private static final Set<String> KNOWN =
      Set.of(
          "port",
          "pid",
          "identities",
          "connections",
          "reconnect",
          "resume",
          "warmup",
          "operations",
          "status",
          "request",
          "sealed",
          "carriage");

  /**
   * Reads {@code name=value} arguments.
   *
   * @throws IllegalArgumentException if one is unknown or missing
   */
  static LoadOptions parse(String[] arguments) throws IOException {
    Map<String, String> given = new HashMap<>();
    for (String argument : arguments) {
      int equals = argument.indexOf('=');
      if (equals < 0 || !KNOWN.contains(argument.substring(0, equals))) {
        throw new IllegalArgumentException("expected one of " + KNOWN + " with =, got " + argument);
      }
      given.put(argument.substring(0, equals), argument.substring(equals + 1));
    }
    Optional<Path> sealed = Optional.ofNullable(given.get("sealed")).map(Path::of);
    return new LoadOptions(
        number(given, "port"),
        number(given, "pid"),
        sealed.isPresent() ? List.of() : certificates(Path.of(required(given, "identities"))),
        number(given, "connections"),
        Boolean.parseBoolean(given.getOrDefault("reconnect", "false")),
        Boolean.parseBoolean(given.getOrDefault("resume", "false")),
        number(given, "warmup"),
        number(given, "operations"),
        number(given, "status"),
        sealed.isPresent() ? new byte[0] : Files.readAllBytes(Path.of(required(given, "request"))),
        sealed,
        given.getOrDefault("carriage", "post").equals("get"));
  }

  private static List<Path> certificates(Path directory) throws IOException {
    try (var files = Files.list(directory)) {
      return files.filter(f -> f.toString().endsWith(".pem")).sorted().toList();
    }
  }

  private static int number(Map<String, String> given, String name) {
    return Integer.parseInt(required(given, name));
  }

  private static String required(Map<String, String> given, String name) {
    String value = given.get(name);
    if (value == null) {
      throw new IllegalArgumentException("expected " + name + "=…");
    }
    return value;
  }

  /** Where the key of an identity is. */
  static Path keyOf(Path certificate) {
    String name = certificate.getFileName().toString();
    return certificate.resolveSibling(name.substring(0, name.length() - ".pem".length()) + ".key");
  }
}
