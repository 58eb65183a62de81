// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.integration;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.countersign.protocol.ProtocolException;
import dev.countersign.protocol.x509.Certificates;
import dev.countersign.server.ConfigFile;
import dev.countersign.server.Server;
import dev.countersign.server.ServerConfig;
import dev.countersign.server.installation.DataDirectory;
import dev.countersign.server.installation.Initialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.List;

/** An installation of its own in a directory, running in this process on free ports. */
public final class TestServer implements Installation, AutoCloseable {
  /** Encrypts the root's key of every test installation. */
  public static final String ROOT_PASSPHRASE = "a-passphrase-of-the-tests";

  private final DataDirectory directory;
  private final Clock clock;
  private final X509Certificate root;
  private Server server;

  private TestServer(DataDirectory directory, Clock clock) throws IOException, ProtocolException {
    this.directory = directory;
    this.clock = clock;
    this.root = Certificates.parsePem(Files.readString(directory.root())).getFirst();
    this.server = open();
  }

  /** Makes an installation in a directory that is not there yet, and starts it. */
  public static TestServer start(Path target, Clock clock) throws IOException, ProtocolException {
    return start(target, clock, "");
  }

  /**
   * Makes an installation and starts it.
   *
   * @param config more lines of countersign.yaml
   */
  public static TestServer start(Path target, Clock clock, String config)
      throws IOException, ProtocolException {
    DataDirectory directory = initialize(target, clock);
    Files.writeString(directory.config(), config, UTF_8, StandardOpenOption.APPEND);
    return new TestServer(directory, clock);
  }

  /** Makes an installation. */
  public static DataDirectory initialize(Path target, Clock clock) throws IOException {
    var request = new Initialization.Request("Maker", List.of(), Initialization.DEFAULT_HUB_DOMAIN);
    return new Initialization(request, clock, new SecureRandom())
        .run(target, ROOT_PASSPHRASE.toCharArray())
        .directory();
  }

  private Server open() throws IOException {
    ServerConfig config = ConfigFile.read(directory.config());
    return Server.start(
        directory,
        config.withListeners(new ServerConfig.Listeners("127.0.0.1", 0, 0, 0, 0)),
        clock);
  }

  /** Stops the server and starts another one on the same data, on other ports. */
  public void restart() throws IOException {
    server.close();
    server = open();
  }

  public Server server() {
    return server;
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
    return server.listeners().get(0).port();
  }

  @Override
  public int operatorPort() {
    return server.listeners().get(1).port();
  }

  @Override
  public int pskPort() {
    return server.listeners().get(3).port();
  }

  public int plainPort() {
    return server.listeners().get(2).port();
  }

  @Override
  public void close() {
    server.close();
  }
}
