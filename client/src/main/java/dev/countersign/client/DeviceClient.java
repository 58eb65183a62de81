// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client;

import dev.countersign.client.enrolment.EstClient;
import dev.countersign.client.identity.DeviceIdentity;
import dev.countersign.client.identity.IdentityStorage;
import dev.countersign.client.transport.CurrentTransport;
import dev.countersign.client.transport.Endpoint;
import dev.countersign.client.transport.JdkTransport;
import dev.countersign.client.transport.Refusal;
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
import org.jspecify.annotations.Nullable;

/**
 * A device that talks to its server over mutual TLS.
 *
 * <p><b>Security guarantees.</b> The server is verified by the maker's root, its name and its key
 * usage before a byte is sent, with a floor instead of a clock; nothing can switch that off. The
 * private key is made on the device and never leaves its {@link IdentityStorage}.
 *
 * <p>Safe for use by many threads.
 */
public final class DeviceClient implements DeviceApi {
  private static final String JSON = "application/json";
  private static final int OK = 200;
  private static final int NO_CONTENT = 204;
  private static final int NOT_MODIFIED = 304;

  /** The server waits at most this long. */
  private static final Duration MAX_WAIT = Duration.ofSeconds(60);

  /** The problem type of a key that the server will not certify. */
  private static final String KEY_IN_USE = "key-in-use";

  private static final int MILLIS_PER_SECOND = 1000;
  private static final Duration NETWORK_TIME = Duration.ofSeconds(30);

  private final URI server;
  private final Platform platform;
  private final CurrentTransport transport;
  private volatile @Nullable DeviceIdentity identity;

  /**
   * What a device brings along.
   *
   * @param identities where its key and certificate are
   * @param floor a time that has passed
   * @param transports how it speaks HTTPS
   */
  public record Platform(
      IdentityStorage identities, TimeFloor floor, Transport.Factory transports) {
    /** With the JDK's HTTP client, and a floor that is forgotten with the process. */
    public static Platform of(IdentityStorage identities) {
      return new Platform(identities, new TimeFloor(), JdkTransport::open);
    }
  }

  private DeviceClient(URI server, Platform platform, DeviceIdentity identity) throws IOException {
    this.server = server;
    this.platform = platform;
    this.identity = identity;
    this.transport = new CurrentTransport(platform.transports().open(endpoint(identity)));
  }

  private DeviceClient(URI server, Platform platform, Transport byKey) {
    this.server = server;
    this.platform = platform;
    this.transport = new CurrentTransport(byKey);
  }

  private Endpoint endpoint(DeviceIdentity shown) {
    return new Endpoint(
        server, new ServerTrust.Root(shown.root()), platform.floor(), Optional.of(shown));
  }

  /** Enrols with the JDK's HTTP client. */
  public static DeviceClient enrol(
      URI server, DeviceSerial serial, EnrolmentToken token, IdentityStorage storage)
      throws IOException, ProtocolException, GeneralSecurityException {
    return enrol(server, serial, token, Platform.of(storage));
  }

  /**
   * Makes a key on this device, gets a certificate for it with the one-time token, and stores both.
   * The server is verified by the root's fingerprint in the token. If it fails half-way, it can be
   * called again with the same token and storage, for a day.
   *
   * @param server {@code https://host:port}
   * @throws ServerRefusedException if the server does not accept the token
   * @throws IOException if the server cannot be reached or is not the right one
   */
  public static DeviceClient enrol(
      URI server, DeviceSerial serial, EnrolmentToken token, Platform platform)
      throws IOException, ProtocolException, GeneralSecurityException {
    return new DeviceClient(server, platform, enrolled(server, serial, token, platform));
  }

  private static DeviceIdentity enrolled(
      URI server, DeviceSerial serial, EnrolmentToken token, Platform platform)
      throws IOException, ProtocolException, GeneralSecurityException {
    var firstContact =
        new Endpoint(
            server,
            new ServerTrust.RootFingerprint(token.rootFingerprint()),
            platform.floor(),
            Optional.empty());
    try (Transport first = platform.transports().open(firstContact)) {
      var est = new EstClient(first);
      X509Certificate root = est.root(token.rootFingerprint());
      KeyPair keys = platform.identities().requestKey();
      X509Certificate certificate =
          certified(platform, () -> est.enrol(serial, token, CertificateRequest.create(keys)));
      var made = new DeviceIdentity(serial, keys.getPrivate(), certificate, root);
      platform.identities().store(made);
      platform.identities().tokenSpent(token.secretHash());
      return made;
    }
  }

  /** Asks for a certificate. */
  private interface Ask {
    X509Certificate ask() throws IOException, ProtocolException, GeneralSecurityException;
  }

  private static X509Certificate certified(Platform platform, Ask request)
      throws IOException, ProtocolException, GeneralSecurityException {
    try {
      return request.ask();
    } catch (ServerRefusedException e) {
      if (e.problem().equals(KEY_IN_USE)) {
        platform.identities().discardRequestKey(); // with another key there is hope
      }
      throw e;
    }
  }

  /** Opens an enrolled device with the JDK's HTTP client. */
  public static DeviceClient open(URI server, IdentityStorage storage) throws IOException {
    return open(server, Platform.of(storage));
  }

  /**
   * Opens a device that has enrolled before.
   *
   * @throws IOException if there is no identity in the storage
   */
  public static DeviceClient open(URI server, Platform platform) throws IOException {
    DeviceIdentity identity =
        platform.identities().load().orElseThrow(() -> new IOException("no identity: enrol first"));
    return new DeviceClient(server, platform, identity);
  }

  /**
   * A device that proves itself by a key and not by a certificate: what the transport proves. It
   * has no {@link #identity}, and nothing to renew.
   *
   * @param transport closed with this
   */
  public static DeviceClient byKey(URI server, Platform platform, Transport transport) {
    return new DeviceClient(server, platform, transport);
  }

  /**
   * Makes a key on this device, gets a certificate for it on the word of a transport that proves
   * the device otherwise, and stores both. The root comes by that transport too.
   *
   * @param proven left open
   */
  public static DeviceIdentity enrolByKey(DeviceSerial serial, Transport proven, Platform platform)
      throws IOException, ProtocolException, GeneralSecurityException {
    var est = new EstClient(proven);
    X509Certificate root = est.soleRoot();
    KeyPair keys = platform.identities().requestKey();
    X509Certificate certificate =
        certified(platform, () -> est.enrol(CertificateRequest.create(keys)));
    var made = new DeviceIdentity(serial, keys.getPrivate(), certificate, root);
    platform.identities().store(made);
    return made;
  }

  /**
   * Who this device is.
   *
   * @throws IllegalStateException if it proves itself by a key
   */
  public DeviceIdentity identity() {
    DeviceIdentity shown = identity;
    if (shown == null) {
      throw new IllegalStateException("this device has no certificate");
    }
    return shown;
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
    send(JsonReadings.encode(readings), sequence);
  }

  /**
   * Sends readings that are encoded already, so that a repetition is the same to the byte.
   *
   * @param readings a JSON array as {@link JsonReadings} writes it
   * @param sequence from 1, rising with each message
   */
  @Override
  public void send(byte[] readings, OptionalLong sequence) throws IOException, ProtocolException {
    Request request = Request.of("POST", "/v1/readings", JSON, readings);
    if (sequence.isPresent()) {
      request = request.with("Countersign-Sequence", Long.toString(sequence.getAsLong()));
    }
    expect(transport.exchange(request), NO_CONTENT);
  }

  /** What this device shall do. */
  @Override
  public SettingsAnswer settings() throws IOException, ProtocolException {
    return answer(expect(transport.exchange(Request.get("/v1/settings")), OK));
  }

  /**
   * Waits for other settings than a known version.
   *
   * @param wait at most 60 s
   * @return empty if there was no change in that time
   */
  @Override
  public Optional<SettingsAnswer> awaitSettings(long knownVersion, Duration wait)
      throws IOException, ProtocolException {
    Duration bounded = wait.compareTo(MAX_WAIT) > 0 ? MAX_WAIT : wait;
    Response response =
        transport.exchange(
            Request.get("/v1/settings")
                .with("If-None-Match", SettingsAnswer.etag(knownVersion))
                .with("Prefer", "wait=" + bounded.toMillis() / MILLIS_PER_SECOND)
                .within(bounded.plus(NETWORK_TIME)));
    return response.status() == NOT_MODIFIED
        ? Optional.empty()
        : Optional.of(answer(expect(response, OK)));
  }

  private SettingsAnswer answer(Response response) throws ProtocolException {
    SettingsAnswer answer = SettingsAnswer.parse(response.body());
    platform.floor().told(answer.serverTime());
    return answer;
  }

  /** Tells the server that these settings are in force on the device. */
  public void confirm(SettingsAnswer applied) throws IOException, ProtocolException {
    confirm(new SettingsReceipt(applied.version(), applied.sha256()));
  }

  /** Tells the server that the settings of this digest are in force on the device. */
  @Override
  public void confirm(SettingsReceipt receipt) throws IOException, ProtocolException {
    expect(
        transport.exchange(Request.of("PUT", "/v1/settings/applied", JSON, receipt.toJson())),
        NO_CONTENT);
  }

  /**
   * Makes a new key and gets a certificate for it, by the one it has; also by one that has expired,
   * if the server still takes that.
   */
  public void renew() throws IOException, ProtocolException, GeneralSecurityException {
    KeyPair keys = platform.identities().requestKey();
    X509Certificate certificate =
        certified(platform, () -> new EstClient(transport).renew(CertificateRequest.create(keys)));
    DeviceIdentity before = identity();
    var successor =
        new DeviceIdentity(before.serial(), keys.getPrivate(), certificate, before.root());
    platform.identities().store(successor);
    adopt(successor);
  }

  /** Enrols again, with a new token: its certificate does not count any more. */
  public void enrolAgain(EnrolmentToken token)
      throws IOException, ProtocolException, GeneralSecurityException {
    adopt(enrolled(server, identity().serial(), token, platform));
  }

  private void adopt(DeviceIdentity successor) throws IOException {
    transport.replace(platform.transports().open(endpoint(successor)));
    identity = successor;
  }

  private static Response expect(Response response, int status) throws ServerRefusedException {
    if (response.status() != status) {
      throw Refusal.of(response);
    }
    return response;
  }

  @Override
  public void close() {
    transport.close();
  }
}
