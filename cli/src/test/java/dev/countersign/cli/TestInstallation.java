// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpHandler;
import dev.countersign.cli.remote.OperatorIdentity;
import dev.countersign.cli.terminal.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A root, an operator CA and one operator's identity file, and a way to run command lines. */
final class TestInstallation {
  /** The JDK's TLS judges certificates by the machine's clock, and so the test has to as well. */
  final Instant now = Clock.systemUTC().instant().truncatedTo(ChronoUnit.SECONDS);

  final Path directory;

  /** Whether a person watches. */
  boolean interactive;

  final Path identity;
  final TestAuthority root = new TestAuthority("Test Root", now);
  final TestAuthority operators = new TestAuthority("Test Operators", now);

  TestInstallation(Path directory) throws Exception {
    this.directory = directory;
    this.identity = writeIdentity("operator.pem", Duration.ofDays(300));
  }

  /** What a command line did. */
  record Outcome(int exitCode, String out, String err) {}

  Path writeIdentity(String name, Duration validity) throws Exception {
    KeyPair keys = TestAuthority.newKeys();
    Path file = directory.resolve(name);
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(
        file,
        OperatorIdentity.insecureToPem(
            keys.getPrivate(),
            operators.operator(keys.getPublic(), "ada", validity),
            operators.certificate,
            root.certificate));
    return file;
  }

  FakeOperatorServer serve(HttpHandler handler) throws Exception {
    return new FakeOperatorServer(root.serverTls("localhost", operators), handler);
  }

  Outcome run(FakeOperatorServer server, String... words) {
    var all = new ArrayList<>(List.of(words));
    all.addAll(List.of("--server", server.url(), "--identity", identity.toString()));
    return run(all.toArray(String[]::new));
  }

  Outcome run(String... words) {
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    var terminal =
        new Terminal(
            new PrintStream(out, true, UTF_8),
            new PrintStream(err, true, UTF_8),
            interactive,
            Map.of("COUNTERSIGN_DATA", directory.resolve("absent").toString()),
            Clock.fixed(now, ZoneOffset.UTC));
    int exitCode = Main.run(terminal, words);
    return new Outcome(exitCode, out.toString(UTF_8), err.toString(UTF_8));
  }

  String permissions(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }
}
