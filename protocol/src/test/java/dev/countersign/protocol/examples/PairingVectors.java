// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.examples;

import dev.countersign.protocol.Hexadecimal;
import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.pairing.HubId;
import dev.countersign.protocol.pairing.PairingGrant;
import dev.countersign.protocol.pairing.PairingSecret;
import dev.countersign.protocol.pairing.Role;
import dev.countersign.protocol.x509.CertificateRequest;
import dev.countersign.protocol.x509.Certificates;
import java.math.BigInteger;
import java.nio.file.Path;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPrivateKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The worked examples of pairing in docs/protocol.md, which an independent model made. */
public final class PairingVectors {
  private static final Path FILE =
      Path.of(System.getProperty("countersign.root", ".."), "docs/vectors/pairing.json");

  private PairingVectors() {}

  /** Everything there is. */
  public static JsonNode all() {
    return new JsonMapper().readTree(FILE);
  }

  /** A text, by its path with dots. */
  public static String text(String path) {
    JsonNode node = all();
    for (String part : path.split("\\.", -1)) {
      node = node.path(part);
    }
    return node.asString();
  }

  /** Bytes, by their path with dots. */
  public static byte[] bytes(String path) {
    return Hexadecimal.decode(text(path));
  }

  public static BigInteger number(String path) {
    return new BigInteger(text(path), 16);
  }

  public static X509Certificate certificate(String path) throws MalformedException {
    return Certificates.parse(bytes(path));
  }

  public static HubId hub() {
    return HubId.wrap(bytes("keys.hub"));
  }

  public static PairingSecret secret() {
    return PairingSecret.wrap(bytes("keys.secret"));
  }

  public static byte[] channelBinding() {
    return bytes("keys.channelBinding");
  }

  /** A P-256 key. */
  public static PrivateKey privateKey(String path) throws GeneralSecurityException {
    var parameters = AlgorithmParameters.getInstance("EC");
    parameters.init(new ECGenParameterSpec("secp256r1"));
    var curve = parameters.getParameterSpec(ECParameterSpec.class);
    return KeyFactory.getInstance("EC").generatePrivate(new ECPrivateKeySpec(number(path), curve));
  }

  /** A P-256 key. */
  public static PublicKey publicKey(String path) throws GeneralSecurityException {
    return KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(bytes(path)));
  }

  public static KeyPair phoneKey() throws GeneralSecurityException, MalformedException {
    return new KeyPair(
        CertificateRequest.parse(bytes("request.csr")).publicKey(),
        privateKey("request.phonePrivate"));
  }

  /** What the hub of the examples gives. */
  public static PairingGrant grant() throws MalformedException {
    return new PairingGrant(
        certificate("answer.certificate"),
        certificate("answer.phoneCa"),
        List.of(
            certificate("answer.hubLeaf"), certificate("answer.hubCa"), certificate("answer.root")),
        Role.OWNER,
        1);
  }
}
