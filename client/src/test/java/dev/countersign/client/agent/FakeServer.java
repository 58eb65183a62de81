// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.agent;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.countersign.client.transport.Endpoint;
import dev.countersign.client.transport.Transport;
import dev.countersign.client.transport.Transport.Request;
import dev.countersign.client.transport.Transport.Response;
import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.Scalar;
import dev.countersign.protocol.est.CertsOnly;
import dev.countersign.protocol.est.EnrolmentToken;
import dev.countersign.protocol.est.EstBody;
import dev.countersign.protocol.settings.Settings;
import dev.countersign.protocol.settings.SettingsAnswer;
import dev.countersign.protocol.settings.SettingsReceipt;
import dev.countersign.protocol.telemetry.JsonReadings;
import dev.countersign.protocol.telemetry.Reading;
import dev.countersign.protocol.x509.CertificateRequest;
import dev.countersign.protocol.x509.Certificates;
import java.io.IOException;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** What an agent hears from a server, without a network. Answers as it is told to. */
final class FakeServer implements Transport.Factory {
  private static final long SHORT_POLL_NANOS = 20_000_000;

  /** Life of a certificate. */
  static final Duration LIFE = Duration.ofDays(90);

  private final KeyPair keys;
  private final X509Certificate root;
  final EnrolmentToken token;

  /** The time here: certificates begin now. */
  Instant now;

  /** Whether a certificate still counts. */
  Predicate<X509Certificate> accepts = certificate -> true;

  /** Whether a certificate that does not count may be renewed. */
  boolean renewsRefused = true;

  boolean acceptsTokens = true;

  /** Answers to readings that come before the right ones. */
  final ArrayDeque<Response> readingsAnswers = new ArrayDeque<>();

  /** Answers to receipts that come before the right ones. */
  final ArrayDeque<Response> receiptAnswers = new ArrayDeque<>();

  /** Readings with this name are malformed for it. */
  String poison = "nothing";

  final List<Double> stored = new ArrayList<>();
  final List<Long> sequences = new ArrayList<>();
  final List<Long> receipts = new ArrayList<>();
  final List<String> enrolments = new ArrayList<>();
  private SettingsAnswer settings;

  FakeServer(Instant now) throws Exception {
    this.now = now;
    this.keys = newKeys();
    this.root = certify(keys.getPublic());
    this.token = EnrolmentToken.generate(Certificates.fingerprint(root), new SecureRandom());
    this.settings = new SettingsAnswer(0, Settings.EMPTY, 0, 0, now);
  }

  private static KeyPair newKeys() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(256);
    return generator.generateKeyPair();
  }

  private X509Certificate certify(PublicKey key) throws Exception {
    var builder =
        new JcaX509v3CertificateBuilder(
            new X500Name("CN=Fake"),
            new BigInteger(64, new SecureRandom()),
            Date.from(now),
            Date.from(now.plus(LIFE)),
            new X500Name("CN=Fake"),
            key);
    return new JcaX509CertificateConverter()
        .getCertificate(
            builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate())));
  }

  /** Sets the settings, of whatever version. */
  synchronized void set(long version, double interval) throws MalformedException {
    settings =
        new SettingsAnswer(
            version, Settings.of(Map.of("interval", new Scalar.Numeric(interval))), 0, 0, now);
    notifyAll();
  }

  static Response answer(int status) {
    return new Response(status, Map.of(), new byte[0]);
  }

  static Response problem(int status, String type, String... headers) {
    return new Response(
        status,
        headers.length == 0
            ? Map.of("content-type", "application/problem+json")
            : Map.of("content-type", "application/problem+json", headers[0], headers[1]),
        ("{\"type\":\"urn:countersign:problem:" + type + "\",\"detail\":\"because\"}")
            .getBytes(UTF_8));
  }

  @Override
  public Transport open(Endpoint endpoint) {
    return new Transport() {
      @Override
      public Response exchange(Request request) throws IOException {
        try {
          return handle(endpoint, request);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new IOException("interrupted", e);
        } catch (Exception e) {
          throw new AssertionError(e);
        }
      }

      @Override
      public void close() {}
    };
  }

  private synchronized Response handle(Endpoint endpoint, Request request) throws Exception {
    String path = request.path();
    if (path.endsWith("/cacerts")) {
      return est(root);
    } else if (path.endsWith("/simpleenroll")) {
      enrolments.add("token");
      return acceptsTokens ? certificate(request) : problem(401, "unauthenticated");
    }
    boolean good = accepts.test(endpoint.identity().orElseThrow().certificate());
    if (path.endsWith("/simplereenroll")) {
      enrolments.add("renewal");
      return good || renewsRefused ? certificate(request) : problem(401, "unauthenticated");
    } else if (!good) {
      return problem(401, "unauthenticated");
    } else if (path.equals("/v1/readings")) {
      return readings(request);
    } else if (path.equals("/v1/settings/applied")) {
      return receipt(request);
    }
    return settings(request);
  }

  private Response certificate(Request request) throws Exception {
    return est(certify(CertificateRequest.parse(EstBody.decode(request.body())).publicKey()));
  }

  private static Response est(X509Certificate certificate) {
    return new Response(200, Map.of(), EstBody.encode(CertsOnly.encode(List.of(certificate))));
  }

  private Response readings(Request request) throws MalformedException {
    sequences.add(Long.parseLong(request.headers().get("Countersign-Sequence")));
    if (!readingsAnswers.isEmpty()) {
      return readingsAnswers.poll();
    }
    List<Reading> readings = JsonReadings.decode(request.body());
    if (readings.stream().anyMatch(reading -> reading.name().equals(poison))) {
      return problem(400, "malformed");
    }
    readings.forEach(reading -> stored.add(((Scalar.Numeric) reading.value()).value()));
    return answer(204);
  }

  private Response receipt(Request request) throws MalformedException {
    if (!receiptAnswers.isEmpty()) {
      return receiptAnswers.poll();
    }
    receipts.add(SettingsReceipt.parse(request.body()).version());
    return answer(204);
  }

  private Response settings(Request request) throws InterruptedException {
    String known = request.headers().get("If-None-Match");
    long deadline = System.nanoTime() + SHORT_POLL_NANOS;
    while (settings.etag().equals(known) && System.nanoTime() < deadline) {
      wait(1);
    }
    return settings.etag().equals(known)
        ? answer(304)
        : new Response(200, Map.of(), settings.toJson());
  }

  synchronized List<Double> stored() {
    return List.copyOf(stored);
  }

  synchronized List<Long> sequences() {
    return List.copyOf(sequences);
  }

  synchronized List<Long> receipts() {
    return List.copyOf(receipts);
  }

  synchronized List<String> enrolments() {
    return List.copyOf(enrolments);
  }
}
