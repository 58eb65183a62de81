// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.benchmarks;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.countersign.pki.key.KeyKind;
import dev.countersign.pki.key.SigningKey;
import dev.countersign.protocol.x509.CertificateRequest;
import dev.countersign.protocol.x509.Certificates;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * Certificates for new keys on open connections, by EST of the product with a token each (RFC 7030
 * §4.2), or by cfssl's sign. Keys and requests are made before the counting begins.
 *
 * <p>Arguments: {@code est}, URL, process id, certificates before counting and counted,
 * connections, the root's certificate, and a file of serials and tokens; or {@code cfssl} and the
 * same up to connections.
 */
public final class Issuing {
  /** USER_HZ of every Linux there is: a tick of /proc is 10 ms. */
  private static final double MICROS_PER_TICK = 10_000;

  private static final int UTIME = 11;
  private static final int STIME = 12;

  private Issuing() {}

  public static void main(String[] args) throws Exception {
    boolean est = args[0].equals("est");
    URI server = URI.create(args[1]);
    Path stat = Path.of("/proc", args[2], "stat");
    int before = Integer.parseInt(args[3]);
    int counted = Integer.parseInt(args[4]);
    int connections = Integer.parseInt(args[5]);
    List<String> tokens = est ? Files.readAllLines(Path.of(args[7])) : List.of();
    var requests = new ArrayList<HttpRequest>();
    for (int i = 0; i < before + counted; i++) {
      byte[] der = request();
      requests.add(est ? est(server, tokens.get(i + 1), der) : cfssl(server, der));
    }
    HttpClient client = est ? client(Path.of(args[6])) : HttpClient.newHttpClient();
    send(client, requests.subList(0, before), connections);
    long ticks = ticks(stat);
    send(client, requests.subList(before, before + counted), connections);
    System.out.printf(
        Locale.ROOT,
        "cpu_us_per_op=%.0f ops=%d%n",
        (ticks(stat) - ticks) * MICROS_PER_TICK / counted,
        counted);
    System.exit(0);
  }

  private static byte[] request() throws GeneralSecurityException {
    var key = SigningKey.generate(KeyKind.P256, new SecureRandom());
    return CertificateRequest.create(new KeyPair(key.publicKey(), key.privateKey())).der();
  }

  private static HttpRequest est(URI server, String serialAndToken, byte[] der) {
    String user = serialAndToken.replaceFirst(",", ":");
    return HttpRequest.newBuilder(server.resolve("/.well-known/est/simpleenroll"))
        .header("Authorization", "Basic " + base64(user.getBytes(UTF_8)))
        .header("Content-Type", "application/pkcs10")
        .POST(BodyPublishers.ofString(base64(der)))
        .build();
  }

  private static HttpRequest cfssl(URI server, byte[] der) {
    String pem =
        "-----BEGIN CERTIFICATE REQUEST-----\\n"
            + base64(der)
            + "\\n-----END CERTIFICATE REQUEST-----\\n";
    return HttpRequest.newBuilder(server.resolve("/api/v1/cfssl/sign"))
        .header("Content-Type", "application/json")
        .POST(
            BodyPublishers.ofString(
                "{\"certificate_request\":\"" + pem + "\",\"subject\":{\"CN\":\"device\"}}"))
        .build();
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  private static HttpClient client(Path root) throws Exception {
    var store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    store.setCertificateEntry(
        "root", Certificates.parsePem(Files.readString(root, US_ASCII)).getFirst());
    var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    var tls = SSLContext.getInstance("TLS");
    tls.init(null, trust.getTrustManagers(), null);
    return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).sslContext(tls).build();
  }

  private static void send(HttpClient client, List<HttpRequest> requests, int connections)
      throws InterruptedException, ExecutionException {
    try (var workers = Executors.newFixedThreadPool(connections)) {
      var answers = new ArrayList<Future<HttpResponse<String>>>();
      for (HttpRequest request : requests) {
        answers.add(workers.submit(() -> client.send(request, BodyHandlers.ofString())));
      }
      for (Future<HttpResponse<String>> answer : answers) {
        if (answer.get().statusCode() != 200) {
          throw new IllegalStateException(
              "expected 200, got " + answer.get().statusCode() + " " + answer.get().body());
        }
      }
    }
  }

  private static long ticks(Path stat) throws IOException {
    String line = Files.readString(stat);
    String[] fields = line.substring(line.lastIndexOf(')') + 2).split(" ", -1);
    return Long.parseLong(fields[UTIME]) + Long.parseLong(fields[STIME]);
  }
}
