// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.pairing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.countersign.client.hub.HubAddress;
import dev.countersign.client.pairing.TestMaker.Identity;
import dev.countersign.protocol.Sha256;
import dev.countersign.protocol.pairing.HubSuccession;
import dev.countersign.protocol.pairing.ManualCode;
import dev.countersign.protocol.pairing.PairingCode;
import dev.countersign.protocol.pairing.PairingGrant;
import dev.countersign.protocol.pairing.PairingKeys;
import dev.countersign.protocol.pairing.PairingRequest;
import dev.countersign.protocol.pairing.PairingSecret;
import dev.countersign.protocol.pairing.Role;
import dev.countersign.protocol.pairing.Spake2Answer;
import dev.countersign.protocol.pairing.Spake2Verifier;
import dev.countersign.protocol.pairing.VerifiedPairingRequest;
import dev.countersign.protocol.x509.Certificates;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * A hub that speaks the protocol on the platform's own TLS, and can be told to lie. What it does
 * wrong it does on purpose; what it does right comes from the protocol's hub side.
 */
public final class FakeHub implements AutoCloseable {
  private static final char[] NO_PASSWORD = "".toCharArray();

  private final Identity identity;
  private final SSLServerSocket server;
  private final KeyPair phoneCaKey = TestMaker.key();
  private final X509Certificate phoneCa =
      TestMaker.authority("phones", phoneCaKey, "phones", phoneCaKey, TestMaker.WITHOUT_END);
  private final PairingSecret secret = PairingSecret.random(new SecureRandom());
  private final ManualCode manualCode = ManualCode.random(new SecureRandom());
  private final Map<String, Function<Exchange, Reply>> routes = new HashMap<>();
  private final Set<SSLSocket> open = new HashSet<>();
  private volatile boolean closed;

  /** {@code PROTOCOL METHOD PATH} of every request, in order. */
  public final List<String> requests = new CopyOnWriteArrayList<>();

  /** Connections that were accepted, whatever became of them. */
  public final List<String> connections = new CopyOnWriteArrayList<>();

  volatile UnaryOperator<byte[]> pairAnswer = UnaryOperator.identity();
  volatile UnaryOperator<PairingGrant> grant = UnaryOperator.identity();
  volatile UnaryOperator<byte[]> channelBinding = UnaryOperator.identity();
  volatile boolean knowsPhones = true;
  public volatile Role role = Role.USER;
  volatile List<byte[]> successions = List.of();

  /** One request, on its connection. */
  @SuppressWarnings("ArrayRecordComponent") // read once, and gone
  public record Exchange(
      SSLSocket socket, Map<String, Object> connection, Map<String, String> headers, byte[] body) {
    byte[] binding() {
      try {
        return ((ExtendedSSLSession) socket.getSession())
            .exportKeyingMaterialData("EXPORTER-Channel-Binding", new byte[0], 32);
      } catch (Exception e) {
        throw new AssertionError(e);
      }
    }
  }

  /** An answer; with status 0 these bytes and nothing else. */
  @SuppressWarnings("ArrayRecordComponent") // written once, and gone
  public record Reply(int status, String type, byte[] body) {
    public static Reply json(int status, String json) {
      return new Reply(status, "application/json", json.getBytes(UTF_8));
    }

    public static Reply problem(int status, String kind) {
      return new Reply(
          status,
          "application/problem+json",
          ("{\"type\":\"urn:countersign:problem:" + kind + "\",\"title\":\"no\"}").getBytes(UTF_8));
    }
  }

  private FakeHub(Identity identity, SSLServerSocket server) {
    this.identity = identity;
    this.server = server;
    route("cs-pair/1 POST /pair", this::pair);
    route("cs-pair/1 POST /pair/code", this::code);
    route(
        "cs-pair/1 GET /successors",
        _ -> new Reply(200, "application/cbor", HubSuccession.encodeAll(successions)));
    route("cs/1 POST /confirm", this::confirm);
    route(
        "cs/1 GET /v1/hub",
        exchange ->
            Reply.json(
                200,
                """
                {"hubId":"%s","model":"door","serial":"D-1","epoch":1,"phoneId":"%s","name":"A",
                 "role":"%s","expires":null,"time":null,"keyCounter":0}\
                """
                    .formatted(identity.id(), phoneId(exchange), role.wireName())));
    route(
        "cs/1 POST /v1/recovery-card",
        _ -> Reply.json(201, "{\"code\":\"" + textOf(code(PairingCode.Place.PRINTED)) + "\"}"));
  }

  private static String textOf(PairingCode code) {
    return code.text(dev.countersign.protocol.SecretAccess.insecure());
  }

  /** With TLS 1.3, as a hub is. */
  public static FakeHub start(Identity identity) {
    return start(identity, "TLSv1.3");
  }

  static FakeHub start(Identity identity, String... versions) {
    try {
      KeyStore keys = KeyStore.getInstance("PKCS12");
      keys.load(null, null);
      keys.setKeyEntry(
          "hub",
          identity.key().getPrivate(),
          NO_PASSWORD,
          identity.chain().toArray(X509Certificate[]::new));
      KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
      factory.init(keys, NO_PASSWORD);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(
          factory.getKeyManagers(), new TrustManager[] {new TakesAll()}, new SecureRandom());
      SSLServerSocket server =
          (SSLServerSocket)
              context
                  .getServerSocketFactory()
                  .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
      SSLParameters parameters = server.getSSLParameters();
      parameters.setProtocols(versions);
      parameters.setApplicationProtocols(new String[] {"cs-pair/1", "cs/1"});
      parameters.setWantClientAuth(true);
      server.setSSLParameters(parameters);
      var hub = new FakeHub(identity, server);
      Thread.ofVirtual().start(hub::acceptAll);
      return hub;
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  public HubAddress address() {
    return new HubAddress("localhost", server.getLocalPort());
  }

  public Identity identity() {
    return identity;
  }

  public PairingCode code() {
    return code(PairingCode.Place.SCREEN);
  }

  private PairingCode code(PairingCode.Place place) {
    return new PairingCode(
        place,
        false,
        role,
        identity.id(),
        secret,
        Sha256.of(identity.key().getPublic().getEncoded()));
  }

  ManualCode manualCode() {
    return manualCode;
  }

  private X509Certificate certify(java.security.PublicKey key) {
    return TestMaker.phone(key, phoneCa, phoneCaKey);
  }

  /** Answers a request otherwise. */
  public void route(String request, Function<Exchange, Reply> answer) {
    synchronized (routes) {
      routes.put(request, answer);
    }
  }

  private Reply pair(Exchange exchange) {
    try {
      PairingRequest request = PairingRequest.parse(exchange.body());
      Object verifier = exchange.connection().get("code");
      try (PairingKeys keys =
          verifier instanceof Spake2Verifier spake
              ? spake.verify(request.confirmation().orElseThrow())
              : PairingKeys.ofSecret(
                  channelBinding.apply(exchange.binding()), secret, identity.id())) {
        VerifiedPairingRequest verified = request.verify(keys);
        PairingGrant given =
            grant.apply(
                new PairingGrant(
                    certify(verified.csr().publicKey()), phoneCa, identity.chain(), role, 1));
        return new Reply(200, "application/cbor", pairAnswer.apply(verified.answer(given)));
      }
    } catch (dev.countersign.protocol.ProtocolException e) {
      return Reply.problem(403, "pairing-refused");
    }
  }

  private Reply code(Exchange exchange) {
    try {
      Spake2Verifier verifier =
          Spake2Verifier.begin(
              manualCode,
              identity.id(),
              Sha256.of(identity.key().getPublic().getEncoded()),
              channelBinding.apply(exchange.binding()),
              new SecureRandom());
      exchange.connection().put("code", verifier);
      return new Reply(
          200,
          "application/cbor",
          verifier.answer(Spake2Answer.parseRequest(exchange.body())).encode());
    } catch (dev.countersign.protocol.ProtocolException e) {
      return Reply.problem(400, "malformed");
    }
  }

  private Reply confirm(Exchange exchange) {
    return knowsPhones
        ? Reply.json(
            200,
            """
            {"status":"active","role":"%s","epoch":1,"phoneId":"%s","hubId":"%s","name":"A"}\
            """
                .formatted(role.wireName(), phoneId(exchange), identity.id()))
        : Reply.problem(401, "unauthorized");
  }

  private static String phoneId(Exchange exchange) {
    try {
      X509Certificate shown =
          (X509Certificate) exchange.socket().getSession().getPeerCertificates()[0];
      return Certificates.keyHash(shown).hex().substring(0, 16);
    } catch (IOException e) {
      return "none";
    }
  }

  private void acceptAll() {
    while (!closed) {
      try {
        SSLSocket socket = (SSLSocket) server.accept();
        connections.add("connection");
        synchronized (open) {
          open.add(socket);
        }
        Thread.ofVirtual().start(() -> serve(socket));
      } catch (IOException e) {
        // closed
      }
    }
  }

  private void serve(SSLSocket socket) {
    try (socket) {
      socket.startHandshake();
      var in = new BufferedInputStream(socket.getInputStream());
      var connection = new HashMap<String, Object>();
      while (true) {
        String line = line(in);
        if (line.isEmpty()) {
          return;
        }
        Map<String, String> headers = headers(in);
        byte[] body = in.readNBytes(Integer.parseInt(headers.getOrDefault("content-length", "0")));
        String request =
            socket.getApplicationProtocol() + " " + line.substring(0, line.lastIndexOf(' '));
        requests.add(request);
        if (!answer(socket, request, new Exchange(socket, connection, headers, body))) {
          in.transferTo(OutputStream.nullOutputStream());
          return;
        }
      }
    } catch (IOException e) {
      // the phone went away, or does not want us
    }
  }

  /** Whether it is HTTP that goes on. */
  private boolean answer(SSLSocket socket, String request, Exchange exchange) throws IOException {
    Function<Exchange, Reply> route;
    synchronized (routes) {
      route = routes.getOrDefault(request, _ -> Reply.problem(404, "not-found"));
    }
    Reply reply = route.apply(exchange);
    OutputStream out = socket.getOutputStream();
    if (reply.status() != 0) {
      out.write(
          ("HTTP/1.1 "
                  + reply.status()
                  + " x\r\nContent-Type: "
                  + reply.type()
                  + "\r\nContent-Length: "
                  + reply.body().length
                  + "\r\n\r\n")
              .getBytes(ISO_8859_1));
    }
    out.write(reply.body());
    out.flush();
    return reply.status() != 0;
  }

  private static Map<String, String> headers(InputStream in) throws IOException {
    var headers = new HashMap<String, String>();
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      int colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).trim());
    }
    return headers;
  }

  private static String line(InputStream in) throws IOException {
    var line = new ByteArrayOutputStream();
    for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
      line.write(b);
    }
    return line.toString(ISO_8859_1).strip();
  }

  @Override
  public void close() {
    closed = true;
    try {
      server.close();
      List<SSLSocket> last;
      synchronized (open) {
        last = new ArrayList<>(open);
      }
      for (SSLSocket socket : last) {
        socket.close();
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Who a phone is, the hub decides by its list; this one has none. */
  private static final class TakesAll implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
