// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.integration;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import dev.countersign.protocol.ProtocolException;
import dev.countersign.protocol.x509.Certificates;
import dev.countersign.server.installation.DataDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.core.ConditionTimeoutException;

/** {@code countersign serve} as a process that can be killed. */
public final class ServerProcess implements Installation, AutoCloseable {
  private static final Duration START = Duration.ofMinutes(2);
  private static final String LISTENERS =
      """

      listeners:
        address: 127.0.0.1
        devicePort: %d
        pskPort: 0
        operatorPort: %d
        plainPort: 0
      """;

  /** Below what Linux gives to whoever connects: a port here stays free while nobody listens. */
  private static final int LOWEST_FIXED_PORT = 15_000;

  private static final int HIGHEST_FIXED_PORT = 30_000;

  private final DataDirectory directory;
  private final Path scratch;
  private final X509Certificate root;
  private final List<String> options;
  private Map<String, String> environment;
  private Process process;
  private Path out;
  private Path err;
  private int devicePort;
  private int operatorPort;

  private ServerProcess(
      DataDirectory directory, Path scratch, List<String> options, Map<String, String> environment)
      throws IOException, ProtocolException {
    this.directory = directory;
    this.options = List.copyOf(options);
    this.environment = Map.copyOf(environment);
    this.scratch = scratch;
    this.root = Certificates.parsePem(Files.readString(directory.root())).getFirst();
    this.out = Files.createTempFile(scratch, "serve", ".out");
    this.err = Files.createTempFile(scratch, "serve", ".err");
    this.process = open();
  }

  /**
   * Makes an installation, and serves it on free ports.
   *
   * @param scratch a directory for it and what it prints
   */
  public static ServerProcess start(Path scratch) throws IOException, ProtocolException {
    return start(scratch, "");
  }

  /**
   * Makes an installation, and serves it on free ports.
   *
   * @param scratch a directory for it and what it prints
   * @param config more lines of countersign.yaml
   * @param options more options for the JVM
   */
  public static ServerProcess start(Path scratch, String config, String... options)
      throws IOException, ProtocolException {
    return start(scratch, config, Map.of(), options);
  }

  /** The same with more in the environment of the process. */
  public static ServerProcess start(
      Path scratch, String config, Map<String, String> environment, String... options)
      throws IOException, ProtocolException {
    DataDirectory directory =
        TestServer.initialize(scratch.resolve("data"), MutableClock.atMachineTime());
    Files.writeString(
        directory.config(), LISTENERS.formatted(0, 0) + config, StandardOpenOption.APPEND);
    return new ServerProcess(directory, scratch, List.of(options), environment);
  }

  /** Makes an installation, and serves it on ports that it has again after a restart. */
  public static ServerProcess startOnFixedPorts(Path scratch)
      throws IOException, ProtocolException {
    DataDirectory directory =
        TestServer.initialize(scratch.resolve("data"), MutableClock.atMachineTime());
    Files.writeString(
        directory.config(),
        LISTENERS.formatted(fixedPort(), fixedPort()),
        StandardOpenOption.APPEND);
    return new ServerProcess(directory, scratch, List.of(), Map.of());
  }

  private static int fixedPort() throws IOException {
    for (int attempt = 0; attempt < 100; attempt++) {
      int port = ThreadLocalRandom.current().nextInt(LOWEST_FIXED_PORT, HIGHEST_FIXED_PORT);
      if (isFree(port)) {
        return port;
      }
    }
    throw new IOException("no free port");
  }

  private static boolean isFree(int port) throws IOException {
    try (var probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return probe.isBound();
    } catch (BindException e) {
      return false;
    }
  }

  /**
   * Makes an installation by {@code countersign init}, and serves it on free ports, both with this
   * in their environment.
   */
  public static ServerProcess start(Path scratch, Map<String, String> environment)
      throws IOException, ProtocolException {
    Path data = scratch.resolve("data");
    CommandLine.Outcome made =
        CommandLine.run(scratch, environment, "init", "--data", data.toString());
    if (made.exitCode() != 0) {
      throw new AssertionError("init failed: " + made.err());
    }
    var directory = new DataDirectory(data);
    Files.writeString(directory.config(), LISTENERS.formatted(0, 0), StandardOpenOption.APPEND);
    return new ServerProcess(directory, scratch, List.of(), environment);
  }

  private Process open() throws IOException {
    Process started =
        CommandLine.start(
            options, environment, out, err, "serve", "--data", directory.path().toString());
    try {
      await()
          .atMost(START)
          .until(() -> !started.isAlive() || output().lines().anyMatch("ready"::equals));
    } catch (ConditionTimeoutException e) {
      String threads = threads(started);
      started.destroyForcibly();
      throw new AssertionError("the server did not get ready: " + output() + errors() + threads, e);
    }
    if (!started.isAlive()) {
      throw new AssertionError("the server did not start: " + errors());
    }
    devicePort = portOf("device-https");
    operatorPort = portOf("operator-https");
    return started;
  }

  /** What a process is doing that does not get on. */
  private static String threads(Process process) throws IOException {
    String jstack = Path.of(System.getProperty("java.home"), "bin", "jstack").toString();
    Process dump =
        new ProcessBuilder(jstack, Long.toString(process.pid())).redirectErrorStream(true).start();
    return new String(dump.getInputStream().readAllBytes(), UTF_8);
  }

  private int portOf(String listener) throws IOException {
    Matcher line = Pattern.compile(listener + " +port (\\d+)").matcher(output());
    if (!line.find()) {
      throw new AssertionError("no line for " + listener + " in " + output());
    }
    return Integer.parseInt(line.group(1));
  }

  /** Its number, for what looks into it from outside. */
  public long pid() {
    return process.pid();
  }

  /** Waits until it has come to an end that something else brought about. */
  public int join() {
    return CommandLine.end(process);
  }

  /** SIGKILL: as if the power failed for this process. */
  public void kill() {
    CommandLine.end(process.destroyForcibly());
  }

  /** SIGTERM, and the exit code. */
  public int terminate() {
    process.destroy();
    return CommandLine.end(process);
  }

  /** Serves again after an end. */
  public void restart() throws IOException {
    out = Files.createTempFile(scratch, "serve", ".out");
    err = Files.createTempFile(scratch, "serve", ".err");
    process = open();
  }

  /** From the next start on, this is in its environment. */
  public void setEnvironment(Map<String, String> next) {
    environment = next;
  }

  /** What it has printed to stdout since it started. */
  public String output() throws IOException {
    return Files.readString(out, UTF_8);
  }

  /** What it has printed to stderr since it started: its log. */
  public String errors() throws IOException {
    return Files.readString(err, UTF_8);
  }

  @Override
  public DataDirectory directory() {
    return directory;
  }

  @Override
  public X509Certificate root() {
    return root;
  }

  @Override
  public int devicePort() {
    return devicePort;
  }

  @Override
  public int pskPort() {
    try {
      return portOf("device-psk");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public int operatorPort() {
    return operatorPort;
  }

  @Override
  public void close() {
    process.destroyForcibly();
    CommandLine.end(process);
  }
}
