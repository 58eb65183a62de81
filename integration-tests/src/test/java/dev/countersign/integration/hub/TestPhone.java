// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.integration.hub;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.countersign.integration.TlsIdentity;
import dev.countersign.protocol.ProtocolException;
import dev.countersign.protocol.Sha256;
import dev.countersign.protocol.pairing.HubId;
import dev.countersign.protocol.pairing.ManualCode;
import dev.countersign.protocol.pairing.PairedPhone;
import dev.countersign.protocol.pairing.PairingAttempt;
import dev.countersign.protocol.pairing.PairingCode;
import dev.countersign.protocol.pairing.PairingKeys;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A phone made of the platform's TLS, that trusts whoever answers: it shows what the <em>hub</em>
 * refuses. What phones refuse is shown with the SDK.
 */
public final class TestPhone {
  /** A property: where hubs are, if not on this machine. */
  static final String HOST = "countersign.hub.host";

  private static final JsonMapper JSON = new JsonMapper();
  private static final SecureRandom RANDOM = new SecureRandom();

  /** Asks for events (RFC 6455 §4.1). */
  public static final String UPGRADE =
      """
      GET /v1/events HTTP/1.1
      Host: hub
      Upgrade: websocket
      Connection: Upgrade
      Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
      Sec-WebSocket-Version: 13

      """
          .replace("\n", "\r\n");

  private final KeyPair keys;
  private final String name;
  private @Nullable PairedPhone paired;

  public TestPhone(String name) {
    this(name, newKeys());
  }

  public TestPhone(String name, KeyPair keys) {
    this.name = name;
    this.keys = keys;
  }

  private static KeyPair newKeys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  /** Pairs and confirms. */
  public TestPhone pair(int port, PairingCode code) throws IOException, ProtocolException {
    request(port, code);
    Reply confirmed = confirm(port);
    if (confirmed.status() != 200) {
      throw new IOException("not confirmed: " + confirmed);
    }
    return this;
  }

  /** Pairs without confirming. */
  public TestPhone request(int port, PairingCode code) throws IOException, ProtocolException {
    Reply reply = tryToPair(port, code);
    if (reply.status() != 200) {
      throw new IOException("not paired: " + reply);
    }
    return this;
  }

  /** Asks to be paired, and takes what comes. */
  public Reply tryToPair(int port, PairingCode code) throws IOException, ProtocolException {
    try (Line line = Line.open(port, "cs-pair/1", null)) {
      PairingAttempt attempt =
          PairingAttempt.begin(
              PairingKeys.ofSecret(line.channelBinding(), code.secret(), code.hub()),
              keys,
              name,
              RANDOM);
      Reply reply = line.post("/pair", "application/cbor", attempt.request());
      if (reply.status() == 200) {
        paired = attempt.verify(reply.body());
      }
      return reply;
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  /** The same with the code that is typed. */
  public Reply tryToPair(int port, HubId hub, Sha256 hubKey, ManualCode code)
      throws IOException, ProtocolException {
    try (Line line = Line.open(port, "cs-pair/1", null)) {
      var prover =
          dev.countersign.protocol.pairing.Spake2Prover.begin(
              code, hub, hubKey, line.channelBinding(), RANDOM);
      Reply share =
          line.post(
              "/pair/code",
              "application/cbor",
              new dev.countersign.protocol.cbor.CborWriter()
                  .array(1)
                  .bytes(prover.share())
                  .toByteArray());
      if (share.status() != 200) {
        return share;
      }
      var answer = dev.countersign.protocol.pairing.Spake2Answer.parse(share.body());
      var confirmed = prover.finish(answer.shareV(), answer.confirmV());
      PairingAttempt attempt = PairingAttempt.begin(confirmed.keys(), keys, name, RANDOM);
      Reply reply = line.post("/pair", "application/cbor", attempt.request(confirmed.confirmP()));
      if (reply.status() == 200) {
        paired = attempt.verify(reply.body());
      }
      return reply;
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  /** Shows its certificate for the first time. */
  public Reply confirm(int port) throws IOException {
    return send(port, "POST", "/confirm", "");
  }

  public PairedPhone paired() {
    if (paired == null) {
      throw new IllegalStateException(name + " is not paired");
    }
    return paired;
  }

  public TlsIdentity identity() {
    return new TlsIdentity(keys.getPrivate(), paired().grant().certificate());
  }

  /** What the hub calls it. */
  public String id() {
    return Sha256.of(keys.getPublic().getEncoded()).hex().substring(0, 16);
  }

  public KeyPair keys() {
    return keys;
  }

  /** A connection as the phone that is on the list. */
  public Line connect(int port) throws IOException {
    return Line.open(port, "cs/1", identity());
  }

  /** One request on a connection of its own. */
  public Reply send(int port, String method, String path, String json) throws IOException {
    try (Line line = connect(port)) {
      return line.send(method, path, "application/json", json.getBytes(UTF_8));
    }
  }

  /** Gives a command. */
  public Reply command(int port, String commandName, String value) throws IOException {
    return send(
        port, "POST", "/v1/commands", JSON.createObjectNode().put(commandName, value).toString());
  }

  /** What is answered. */
  @SuppressWarnings("ArrayRecordComponent")
  public record Reply(int status, Map<String, String> headers, byte[] body) {
    public JsonNode json() {
      return JSON.readTree(body);
    }

    /** The last part of a problem's type. */
    public String problem() {
      String type = json().path("type").asString("");
      return type.substring(type.lastIndexOf(':') + 1);
    }

    @Override
    public String toString() {
      return status + " " + new String(body, UTF_8);
    }
  }

  /** One TLS connection, on which requests follow each other. */
  public static final class Line implements AutoCloseable {
    private final SSLSocket socket;

    private Line(SSLSocket socket) {
      this.socket = socket;
    }

    /** Connects, whoever answers. */
    public static Line open(int port, @Nullable String alpn, @Nullable TlsIdentity identity)
        throws IOException {
      return open(new Socket(System.getProperty(HOST, "127.0.0.1"), port), alpn, identity);
    }

    /** The same over a connection that goes somewhere. */
    public static Line open(Socket plain, @Nullable String alpn, @Nullable TlsIdentity identity)
        throws IOException {
      try {
        plain.setTcpNoDelay(true);
        SSLContext context = SSLContext.getInstance("TLSv1.3");
        context.init(
            identity == null ? null : new KeyManager[] {identity.keyManager()},
            new TrustManager[] {new TrustsAll()},
            null);
        var socket =
            (SSLSocket)
                context.getSocketFactory().createSocket(plain, "localhost", plain.getPort(), true);
        socket.setSoTimeout(20_000);
        if (alpn != null) {
          var parameters = socket.getSSLParameters();
          parameters.setApplicationProtocols(new String[] {alpn});
          socket.setSSLParameters(parameters);
        }
        socket.startHandshake();
        return new Line(socket);
      } catch (GeneralSecurityException e) {
        throw new AssertionError(e);
      }
    }

    public byte[] channelBinding() throws IOException {
      return ((ExtendedSSLSession) socket.getSession())
          .exportKeyingMaterialData("EXPORTER-Channel-Binding", new byte[0], 32);
    }

    /** The hub's certificate. */
    public X509Certificate peer() throws IOException {
      return (X509Certificate) socket.getSession().getPeerCertificates()[0];
    }

    public SSLSocket socket() {
      return socket;
    }

    public Reply get(String path) throws IOException {
      return send("GET", path, "application/json", new byte[0]);
    }

    public Reply post(String path, String type, byte[] body) throws IOException {
      return send("POST", path, type, body);
    }

    public Reply send(String method, String path, String type, byte[] body) throws IOException {
      String head =
          "%s %s HTTP/1.1\r\nHost: hub\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n"
              .formatted(method, path, type, body.length);
      // In one piece: the second of two small ones would wait for the first to be acknowledged.
      var request = new ByteArrayOutputStream();
      request.writeBytes(head.getBytes(ISO_8859_1));
      request.writeBytes(body);
      socket.getOutputStream().write(request.toByteArray());
      return read();
    }

    /** The next answer. */
    public Reply read() throws IOException {
      String status = line();
      if (status.isEmpty()) {
        throw new IOException("the hub hung up");
      }
      Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
      for (String header = line(); !header.isEmpty(); header = line()) {
        int colon = header.indexOf(':');
        headers.put(header.substring(0, colon), header.substring(colon + 1).strip());
      }
      int length = Integer.parseInt(headers.getOrDefault("Content-Length", "0"));
      byte[] body = socket.getInputStream().readNBytes(length);
      return new Reply(Integer.parseInt(status.split(" ", 3)[1]), headers, body);
    }

    private String line() throws IOException {
      var line = new StringBuilder();
      for (int c = socket.getInputStream().read(); c >= 0 && c != '\n'; ) {
        if (c != '\r') {
          line.append((char) c);
        }
        c = socket.getInputStream().read();
      }
      return line.toString();
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  /** Trusts whoever answers, or calls. */
  public static X509ExtendedTrustManager trustsAll() {
    return new TrustsAll();
  }

  private static final class TrustsAll extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }

  /** For lists of what phones may do. */
  static List<String> names(JsonNode list) {
    return list.findValuesAsString("name");
  }
}
