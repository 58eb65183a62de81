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
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/** An installation of its own in a directory, running in this process on free ports. */
public final class TestServer implements AutoCloseable {
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
    var request = new Initialization.Request("Maker", List.of(), ServerConfig.DEFAULT.hubDomain());
    return new Initialization(request, clock, new SecureRandom())
        .run(target, ROOT_PASSPHRASE.toCharArray())
        .directory();
  }

  private Server open() throws IOException {
    ServerConfig config = ConfigFile.read(directory.config());
    return Server.start(
        directory, config.withListeners(new ServerConfig.Listeners("127.0.0.1", 0, 0, 0)), clock);
  }

  /** Stops the server and starts another one on the same data, on other ports. */
  public void restart() throws IOException {
    server.close();
    server = open();
  }

  public Server server() {
    return server;
  }

  public DataDirectory directory() {
    return directory;
  }

  public X509Certificate root() {
    return root;
  }

  public int devicePort() {
    return server.listeners().get(0).port();
  }

  public int operatorPort() {
    return server.listeners().get(1).port();
  }

  public int plainPort() {
    return server.listeners().get(2).port();
  }

  /** Where devices reach it. */
  public URI deviceUrl() {
    return URI.create("https://localhost:" + devicePort());
  }

  /** The first operator. */
  public OperatorCalls operator() throws IOException, ProtocolException {
    return operator(TlsIdentity.read(directory.operatorIdentity()));
  }

  /** Somebody who says to be an operator. */
  public OperatorCalls operator(TlsIdentity identity) {
    return new OperatorCalls(this, identity);
  }

  /** A connection to the device API with this client certificate. */
  public HttpsConnection connect(TlsIdentity identity) throws IOException {
    return HttpsConnection.open(devicePort(), root, Optional.of(identity));
  }

  /** A connection to the device API without a client certificate. */
  public HttpsConnection connect() throws IOException {
    return HttpsConnection.open(devicePort(), root, Optional.empty());
  }

  /** Registers a device and enrols it. */
  public TestDevice enrol(String serial) throws Exception {
    return TestDevice.enrol(this, serial, operator().addDevice(serial));
  }

  @Override
  public void close() {
    server.close();
  }
}
