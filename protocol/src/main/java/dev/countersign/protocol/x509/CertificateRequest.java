// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.x509;

import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.Sha256;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.Signature;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.ASN1String;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.pkcs.CertificationRequest;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.AttributeTypeAndValue;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;

/**
 * A certificate request (PKCS #10, RFC 2986): a public key, and the claim to hold its private half.
 *
 * <p>Parsing proves nothing. {@link #hasProofOfPossession} tests the claim; the issuer takes only a
 * request that passed it. Requested extensions are never read: a profile decides them.
 */
public final class CertificateRequest {
  /** A P-256 request has 250 bytes, RSA 4096 about 1 200. */
  public static final int MAX_BYTES = 8192;

  private static final Set<ASN1ObjectIdentifier> NAMING_ATTRIBUTES =
      Set.of(BCStyle.CN, BCStyle.SERIALNUMBER);

  private final byte[] der;
  private final CertificationRequest request;
  private final PublicKey publicKey;

  private CertificateRequest(byte[] der, CertificationRequest request, PublicKey publicKey) {
    this.der = der;
    this.request = request;
    this.publicKey = publicKey;
  }

  /** Reads a DER-encoded request. The signature is not yet tested. */
  public static CertificateRequest parse(byte[] der) throws MalformedException {
    if (der.length > MAX_BYTES) {
      throw new MalformedException("csr", "expected at most " + MAX_BYTES + " bytes");
    }
    try {
      ASN1Primitive asn1 = ASN1Primitive.fromByteArray(der);
      CertificationRequest request = CertificationRequest.getInstance(asn1);
      if (request == null || request.getCertificationRequestInfo() == null) {
        throw new MalformedException("csr", "expected a PKCS #10 request in DER");
      }
      SubjectPublicKeyInfo key = request.getCertificationRequestInfo().getSubjectPublicKeyInfo();
      for (RDN rdn : request.getCertificationRequestInfo().getSubject().getRDNs()) {
        // Decoded on demand; a malformed one shall fail here, not where a name is asked for.
        for (AttributeTypeAndValue attribute : rdn.getTypesAndValues()) {
          if (attribute.getValue() instanceof ASN1String text) {
            text.getString();
          }
        }
      }
      return new CertificateRequest(der.clone(), request, PublicKeys.decode(key));
    } catch (IOException | RuntimeException | GeneralSecurityException e) {
      // BouncyCastle reports malformed structures by a dozen unchecked exceptions.
      throw new MalformedException("csr", "expected a PKCS #10 request in DER", e);
    }
  }

  /**
   * Makes a request for this key with an empty subject: names come from the registry, not from the
   * device.
   *
   * @throws GeneralSecurityException if the key cannot sign
   */
  public static CertificateRequest create(KeyPair keys) throws GeneralSecurityException {
    try {
      String algorithm =
          switch (keys.getPublic().getAlgorithm()) {
            case "EC" -> "SHA256withECDSA";
            case "RSA" -> "SHA256withRSA";
            default -> keys.getPublic().getAlgorithm();
          };
      PKCS10CertificationRequest built =
          new JcaPKCS10CertificationRequestBuilder(new X500Name(new RDN[0]), keys.getPublic())
              .build(new JcaContentSignerBuilder(algorithm).build(keys.getPrivate()));
      return new CertificateRequest(built.getEncoded(), built.toASN1Structure(), keys.getPublic());
    } catch (OperatorCreationException e) {
      throw new GeneralSecurityException("this key cannot sign a request", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Whether whoever made the request holds the private key (RFC 2986 §3 note 2). Verified with the
   * platform's own {@link Signature}.
   */
  public boolean hasProofOfPossession() {
    try {
      Signature verifier = Signature.getInstance(signatureAlgorithm());
      verifier.initVerify(publicKey);
      verifier.update(request.getCertificationRequestInfo().getEncoded("DER"));
      return verifier.verify(request.getSignature().getOctets());
    } catch (GeneralSecurityException | IOException | RuntimeException e) {
      return false;
    }
  }

  /** SHA-2 signatures only: MD5 and SHA-1 requests prove less than they say. */
  private String signatureAlgorithm() throws GeneralSecurityException {
    ASN1ObjectIdentifier oid = request.getSignatureAlgorithm().getAlgorithm();
    if (oid.equals(X9ObjectIdentifiers.ecdsa_with_SHA256)) {
      return "SHA256withECDSA";
    } else if (oid.equals(X9ObjectIdentifiers.ecdsa_with_SHA384)) {
      return "SHA384withECDSA";
    } else if (oid.equals(X9ObjectIdentifiers.ecdsa_with_SHA512)) {
      return "SHA512withECDSA";
    } else if (oid.equals(PKCSObjectIdentifiers.sha256WithRSAEncryption)) {
      return withoutParameters("SHA256withRSA");
    } else if (oid.equals(PKCSObjectIdentifiers.sha384WithRSAEncryption)) {
      return withoutParameters("SHA384withRSA");
    } else if (oid.equals(PKCSObjectIdentifiers.sha512WithRSAEncryption)) {
      return withoutParameters("SHA512withRSA");
    }
    throw new GeneralSecurityException("not a signature algorithm for requests");
  }

  private String withoutParameters(String name) throws GeneralSecurityException {
    // RFC 4055 §5: parameters are NULL or absent.
    var parameters = request.getSignatureAlgorithm().getParameters();
    if (parameters != null && !DERNull.INSTANCE.equals(parameters)) {
      throw new GeneralSecurityException("unexpected signature parameters");
    }
    return name;
  }

  /**
   * The names the subject claims: the values of CN and serialNumber, in order; empty for an empty
   * subject.
   *
   * @throws MalformedException if the subject holds any other attribute, since a device names
   *     nothing but itself
   */
  public List<String> claimedNames() throws MalformedException {
    var names = new ArrayList<String>();
    for (RDN rdn : request.getCertificationRequestInfo().getSubject().getRDNs()) {
      for (AttributeTypeAndValue attribute : rdn.getTypesAndValues()) {
        if (!NAMING_ATTRIBUTES.contains(attribute.getType())
            || !(attribute.getValue() instanceof ASN1String text)) {
          throw new MalformedException(
              "csr subject", "expected it empty, or CN or serialNumber with the device's serial");
        }
        names.add(text.getString());
      }
    }
    return List.copyOf(names);
  }

  public PublicKey publicKey() {
    return publicKey;
  }

  /** The hash of the SubjectPublicKeyInfo: what names this key everywhere. */
  public Sha256 keyHash() {
    return Sha256.of(publicKey.getEncoded());
  }

  public byte[] der() {
    return der.clone();
  }
}
