// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client;

import dev.countersign.client.enrolment.EstClient;
import dev.countersign.client.identity.DeviceIdentity;
import dev.countersign.client.identity.IdentityStorage;
import dev.countersign.client.transport.Endpoint;
import dev.countersign.client.transport.JdkTransport;
import dev.countersign.client.transport.ServerRefusedException;
import dev.countersign.client.transport.ServerTrust;
import dev.countersign.client.transport.TimeFloor;
import dev.countersign.client.transport.Transport;
import dev.countersign.client.transport.Transport.Request;
import dev.countersign.client.transport.Transport.Response;
import dev.countersign.protocol.DeviceSerial;
import dev.countersign.protocol.ProtocolException;
import dev.countersign.protocol.est.EnrolmentToken;
import dev.countersign.protocol.settings.SettingsAnswer;
import dev.countersign.protocol.settings.SettingsReceipt;
import dev.countersign.protocol.telemetry.JsonReadings;
import dev.countersign.protocol.telemetry.Reading;
import dev.countersign.protocol.x509.CertificateRequest;
import java.io.IOException;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A device that talks to its server over mutual TLS.
 *
 * <p><b>Security guarantees.</b> The server is verified by the maker's root, its name and its key
 * usage before a byte is sent, with a floor instead of a clock; nothing can switch that off. The
 * private key is made on the device and never leaves its {@link IdentityStorage}.
 *
 * <p>Safe for use by many threads.
 */
public final class DeviceClient implements AutoCloseable {
  private static final String JSON = "application/json";
  private static final int OK = 200;
  private static final int NO_CONTENT = 204;
  private static final int NOT_MODIFIED = 304;

  /** The server waits at most this long. */
  private static final Duration MAX_WAIT = Duration.ofSeconds(60);

  private static final Duration NETWORK_TIME = Duration.ofSeconds(30);

  private final URI server;
  private final IdentityStorage storage;
  private final Transport.Factory transports;
  private final TimeFloor floor;
  private volatile DeviceIdentity identity;
  private volatile Transport transport;

  private DeviceClient(
      URI server,
      IdentityStorage storage,
      Transport.Factory transports,
      TimeFloor floor,
      DeviceIdentity identity)
      throws IOException {
    this.server = server;
    this.storage = storage;
    this.transports = transports;
    this.floor = floor;
    this.identity = identity;
    this.transport = transports.open(endpoint(identity));
  }

  private Endpoint endpoint(DeviceIdentity shown) {
    return new Endpoint(server, new ServerTrust.Root(shown.root()), floor, Optional.of(shown));
  }

  /** Enrols with the JDK's HTTP client. */
  public static DeviceClient enrol(
      URI server, DeviceSerial serial, EnrolmentToken token, IdentityStorage storage)
      throws IOException, ProtocolException, GeneralSecurityException {
    return enrol(server, serial, token, storage, JdkTransport::open);
  }

  /**
   * Makes a key on this device, gets a certificate for it with the one-time token, and stores both.
   * The server is verified by the root's fingerprint in the token.
   *
   * @param server {@code https://host:port}
   * @throws ServerRefusedException if the server does not accept the token
   * @throws IOException if the server cannot be reached or is not the right one
   */
  public static DeviceClient enrol(
      URI server,
      DeviceSerial serial,
      EnrolmentToken token,
      IdentityStorage storage,
      Transport.Factory transports)
      throws IOException, ProtocolException, GeneralSecurityException {
    var floor = new TimeFloor();
    var firstContact =
        new Endpoint(
            server,
            new ServerTrust.RootFingerprint(token.rootFingerprint()),
            floor,
            Optional.empty());
    try (Transport transport = transports.open(firstContact)) {
      var est = new EstClient(transport);
      X509Certificate root = est.root(token.rootFingerprint());
      KeyPair keys = storage.makeKey();
      X509Certificate certificate = est.enrol(serial, token, CertificateRequest.create(keys));
      var identity = new DeviceIdentity(serial, keys.getPrivate(), certificate, root);
      storage.store(identity);
      return new DeviceClient(server, storage, transports, floor, identity);
    }
  }

  /** Opens an enrolled device with the JDK's HTTP client. */
  public static DeviceClient open(URI server, IdentityStorage storage) throws IOException {
    return open(server, storage, JdkTransport::open);
  }

  /**
   * Opens a device that has enrolled before.
   *
   * @throws IOException if there is no identity in the storage
   */
  public static DeviceClient open(URI server, IdentityStorage storage, Transport.Factory transports)
      throws IOException {
    DeviceIdentity identity =
        storage.load().orElseThrow(() -> new IOException("no identity: enrol first"));
    return new DeviceClient(server, storage, transports, new TimeFloor(), identity);
  }

  /** Who this device is. */
  public DeviceIdentity identity() {
    return identity;
  }

  /** Sends readings; they are on the server's disk when this returns. */
  public void send(List<Reading> readings) throws IOException, ProtocolException {
    send(readings, OptionalLong.empty());
  }

  /**
   * Sends readings under a sequence number, so that sending them again stores them once.
   *
   * @param sequence from 1, rising with each message
   */
  public void send(List<Reading> readings, OptionalLong sequence)
      throws IOException, ProtocolException {
    Request request = Request.of("POST", "/v1/readings", JSON, JsonReadings.encode(readings));
    if (sequence.isPresent()) {
      request = request.with("Countersign-Sequence", Long.toString(sequence.getAsLong()));
    }
    expect(transport.exchange(request), NO_CONTENT);
  }

  /** What this device shall do. */
  public SettingsAnswer settings() throws IOException, ProtocolException {
    return answer(expect(transport.exchange(Request.get("/v1/settings")), OK));
  }

  /**
   * Waits for other settings than a known version.
   *
   * @param wait at most 60 s
   * @return empty if there was no change in that time
   */
  public Optional<SettingsAnswer> awaitSettings(long knownVersion, Duration wait)
      throws IOException, ProtocolException {
    Duration bounded = wait.compareTo(MAX_WAIT) > 0 ? MAX_WAIT : wait;
    Response response =
        transport.exchange(
            Request.get("/v1/settings")
                .with("If-None-Match", SettingsAnswer.etag(knownVersion))
                .with("Prefer", "wait=" + bounded.toSeconds())
                .within(bounded.plus(NETWORK_TIME)));
    return response.status() == NOT_MODIFIED
        ? Optional.empty()
        : Optional.of(answer(expect(response, OK)));
  }

  private SettingsAnswer answer(Response response) throws ProtocolException {
    SettingsAnswer answer = SettingsAnswer.parse(response.body());
    floor.raise(answer.serverTime());
    return answer;
  }

  /** Tells the server that these settings are in force on the device. */
  public void confirm(SettingsAnswer applied) throws IOException, ProtocolException {
    var receipt = new SettingsReceipt(applied.version(), applied.sha256());
    expect(
        transport.exchange(Request.of("PUT", "/v1/settings/applied", JSON, receipt.toJson())),
        NO_CONTENT);
  }

  /** Makes a new key and gets a certificate for it, by the one it has. */
  public void renew() throws IOException, ProtocolException, GeneralSecurityException {
    KeyPair keys = storage.makeKey();
    X509Certificate certificate = new EstClient(transport).renew(CertificateRequest.create(keys));
    var successor =
        new DeviceIdentity(identity.serial(), keys.getPrivate(), certificate, identity.root());
    storage.store(successor);
    Transport before = transport;
    transport = transports.open(endpoint(successor));
    identity = successor;
    before.close();
  }

  private static Response expect(Response response, int status) throws ServerRefusedException {
    if (response.status() != status) {
      throw new ServerRefusedException(
          response.status(), "expected " + status + ", the server answered " + response.status());
    }
    return response;
  }

  @Override
  public void close() {
    transport.close();
  }
}
