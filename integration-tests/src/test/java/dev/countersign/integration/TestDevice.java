// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.integration;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.countersign.protocol.ProtocolException;
import dev.countersign.protocol.est.CertsOnly;
import dev.countersign.protocol.est.EstBody;
import dev.countersign.protocol.x509.CertificateRequest;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;

/** A device with no SDK: a key, and requests written by hand. */
public record TestDevice(Installation server, String serial, KeyPair keys, TlsIdentity identity) {
  private static final String EST = "/.well-known/est";
  private static final String PKCS10 = "Content-Type: application/pkcs10";

  public static KeyPair newKeys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new AssertionError("every Java platform has P-256", e);
    }
  }

  /** A request for a certificate over these keys, in DER. */
  public static byte[] csr(KeyPair keys) throws GeneralSecurityException {
    return CertificateRequest.create(keys).der();
  }

  /** Enrols with new keys. */
  static TestDevice enrol(Installation server, String serial, String token) throws Exception {
    return enrolWith(server, serial, token, newKeys());
  }

  /** Enrols with these keys. */
  public static TestDevice enrolWith(Installation server, String serial, String token, KeyPair keys)
      throws Exception {
    Answer answer = simpleEnrol(server, serial, token, csr(keys)).expect(200);
    return new TestDevice(
        server, serial, keys, new TlsIdentity(keys.getPrivate(), certificate(answer)));
  }

  /** Asks for a certificate by token, whatever the answer. */
  public static Answer simpleEnrol(Installation server, String serial, String token, byte[] csr)
      throws IOException {
    String basic = Base64.getEncoder().encodeToString((serial + ":" + token).getBytes(UTF_8));
    try (HttpsConnection connection = server.connect()) {
      return connection.send(
          "POST", EST + "/simpleenroll", base64(csr), "Authorization: Basic " + basic, PKCS10);
    }
  }

  /** Asks for a certificate by the one there is, whatever the answer. */
  public Answer simpleReenrol(KeyPair successor) throws Exception {
    try (HttpsConnection connection = connect()) {
      return connection.send("POST", EST + "/simplereenroll", base64(csr(successor)), PKCS10);
    }
  }

  /** The same device with a new key and certificate, which the server has not seen in use yet. */
  public TestDevice renewed() throws Exception {
    KeyPair successor = newKeys();
    Answer answer = simpleReenrol(successor).expect(200);
    return new TestDevice(
        server, serial, successor, new TlsIdentity(successor.getPrivate(), certificate(answer)));
  }

  /** The certificate in an answer of EST. */
  public static X509Certificate certificate(Answer answer) throws ProtocolException {
    return CertsOnly.decode(EstBody.decode(answer.bytes())).getFirst();
  }

  private static String base64(byte[] der) {
    return new String(EstBody.encode(der), US_ASCII);
  }

  public HttpsConnection connect() throws IOException {
    return server.connect(identity);
  }

  /** One request on a connection of its own, whatever the answer. */
  public Answer send(String method, String target, String body, String... headers)
      throws IOException {
    try (HttpsConnection connection = connect()) {
      return connection.send(method, target, body, headers);
    }
  }

  /** Sends readings, whatever the answer. */
  public Answer report(String json, String... headers) throws IOException {
    return send("POST", "/v1/readings", json, headers);
  }

  public Answer settings(String... headers) throws IOException {
    return send("GET", "/v1/settings", "", headers);
  }
}
