// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.countersign.protocol.ProtocolException;
import dev.countersign.protocol.pairing.PairingAttempt;
import dev.countersign.protocol.pairing.PairingCode;
import dev.countersign.protocol.pairing.PairingKeys;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.util.Locale;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;

/** A phone made of the platform's TLS, which pairs with a hub and keeps a connection to it. */
final class HubPhone {
  private static final SecureRandom RANDOM = new SecureRandom();

  private final int port;
  private final SSLContext context;

  private HubPhone(int port, SSLContext context) {
    this.port = port;
    this.context = context;
  }

  /** Pairs with a code, and confirms. */
  static HubPhone pair(int port, String name, PairingCode code)
      throws IOException, GeneralSecurityException, ProtocolException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    KeyPair keys = generator.generateKeyPair();
    X509Certificate certificate;
    try (Line line = new HubPhone(port, context(new KeyManager[0])).connect("cs-pair/1");
        PairingKeys proof =
            PairingKeys.ofSecret(line.channelBinding(), code.secret(), code.hub())) {
      PairingAttempt attempt = PairingAttempt.begin(proof, keys, name, RANDOM);
      byte[] answer = line.exchange("POST /pair", "application/cbor", attempt.request(), 200);
      certificate = attempt.verify(answer).grant().certificate();
    }
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry("phone", keys.getPrivate(), new char[0], new Certificate[] {certificate});
    KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
    factory.init(store, new char[0]);
    var phone = new HubPhone(port, context(factory.getKeyManagers()));
    try (Line line = phone.connect()) {
      line.exchange("POST /confirm", "application/json", new byte[0], 200);
    }
    return phone;
  }

  private static SSLContext context(KeyManager[] keys) throws GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLSv1.3");
    context.init(keys, new TrustManager[] {new PinningTrustManager()}, null);
    return context;
  }

  /** A connection of a phone on the list. */
  Line connect() throws IOException {
    return connect("cs/1");
  }

  private Line connect(String alpn) throws IOException {
    var socket = (SSLSocket) context.getSocketFactory().createSocket("localhost", port);
    socket.setTcpNoDelay(true);
    var parameters = socket.getSSLParameters();
    parameters.setApplicationProtocols(new String[] {alpn});
    socket.setSSLParameters(parameters);
    socket.startHandshake();
    return new Line(socket, new BufferedInputStream(socket.getInputStream()));
  }

  /** One TLS connection. */
  static final class Line implements AutoCloseable {
    private final SSLSocket socket;
    private final InputStream in;

    private Line(SSLSocket socket, InputStream in) {
      this.socket = socket;
      this.in = in;
    }

    private byte[] channelBinding() throws IOException {
      return ((ExtendedSSLSession) socket.getSession())
          .exportKeyingMaterialData("EXPORTER-Channel-Binding", new byte[0], 32);
    }

    /** One request, whose answer must have this status. */
    byte[] exchange(String what, String type, byte[] body, int status) throws IOException {
      String head =
          what
              + " HTTP/1.1\r\nHost: hub\r\nContent-Type: "
              + type
              + "\r\nContent-Length: "
              + body.length
              + "\r\n\r\n";
      var request = new byte[head.length() + body.length];
      System.arraycopy(head.getBytes(UTF_8), 0, request, 0, head.length());
      System.arraycopy(body, 0, request, head.length(), body.length);
      socket.getOutputStream().write(request);
      String first = line();
      int length = 0;
      for (String header = line(); !header.isEmpty(); header = line()) {
        if (header.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
          length = Integer.parseInt(header.substring("content-length:".length()).strip());
        }
      }
      byte[] answer = in.readNBytes(length);
      if (!first.startsWith("HTTP/1.1 " + status + " ")) {
        throw new IOException(what + ": " + first + " " + new String(answer, UTF_8));
      }
      return answer;
    }

    /** Asks for events, which come until it is closed. */
    InputStream listen() throws IOException {
      String request =
          String.join(
              "\r\n",
              "GET /v1/events HTTP/1.1",
              "Host: hub",
              "Upgrade: websocket",
              "Connection: Upgrade",
              "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
              "Sec-WebSocket-Version: 13",
              "",
              "");
      socket.getOutputStream().write(request.getBytes(UTF_8));
      String first = line();
      if (!first.startsWith("HTTP/1.1 101 ")) {
        throw new IOException("events: " + first);
      }
      return in;
    }

    private String line() throws IOException {
      var line = new StringBuilder();
      for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
        if (c != '\r') {
          line.append((char) c);
        }
      }
      return line.toString();
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
