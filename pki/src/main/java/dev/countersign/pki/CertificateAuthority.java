// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.pki;

import dev.countersign.pki.key.KeyFileException;
import dev.countersign.pki.key.SigningKey;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.time.Duration;
import java.time.Instant;
import java.time.Period;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.GeneralName;

/**
 * Issues certificates (RFC 5280) with one key. {@link CertificateProfile} says what is in them.
 *
 * <p><b>Security guarantees:</b> devices, operators, hubs and phones are certified only from a
 * {@link VerifiedRequest}; what a certificate may not issue by its path length, purpose or name
 * constraints, its authority refuses to issue; nothing but a device without a clock and a hub
 * outlives its issuer. It does not know what was issued before: uniqueness of keys and names is the
 * caller's.
 *
 * <p>Safe for use by several threads.
 */
public final class CertificateAuthority {
  /** Clocks of devices are late more often than early; a new certificate must work at once. */
  static final Duration BACKDATED_BY = Duration.ofMinutes(5);

  /** RFC 5280 §4.1.2.5: no well-defined expiration. */
  static final Instant WITHOUT_END = Instant.parse("9999-12-31T23:59:59Z");

  private final X509Certificate certificate;
  private final SigningKey key;
  private final SecureRandom random;
  private final X500Name subject;
  private final NameRules nameRules;

  /**
   * An authority that exists already.
   *
   * @param random for serial numbers and signatures
   * @throws KeyFileException if the certificate is not an authority's, or the key is not its key
   */
  public CertificateAuthority(X509Certificate certificate, SigningKey key, SecureRandom random)
      throws KeyFileException {
    this(certificate, key, random, NameRules.of(certificate));
    boolean[] keyUsage = certificate.getKeyUsage();
    if (certificate.getBasicConstraints() < 0 || keyUsage == null || !keyUsage[5]) {
      throw new KeyFileException(
          "authority " + subject + ": expected a certificate that may sign certificates");
    }
    requireBelongTogether();
  }

  private CertificateAuthority(
      X509Certificate certificate, SigningKey key, SecureRandom random, NameRules nameRules) {
    this.certificate = certificate;
    this.key = key;
    this.random = random;
    this.subject = X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded());
    this.nameRules = nameRules;
  }

  private void requireBelongTogether() throws KeyFileException {
    if (!isKeyOf(certificate.getPublicKey())) {
      throw new KeyFileException(
          "authority " + subject + ": expected the key of its certificate, got another");
    }
  }

  private boolean isKeyOf(PublicKey certified) {
    // The public half of an EC key is computed from the private one, so that equality is the proof.
    // That of an RSA key was read from the same file: there a signature must show it.
    return Arrays.equals(key.publicKey().getEncoded(), certified.getEncoded())
        && (key.publicKey() instanceof ECPublicKey || canSignFor(certified));
  }

  private boolean canSignFor(PublicKey certified) {
    byte[] challenge = "which key is this?".getBytes(StandardCharsets.UTF_8);
    try {
      Signature verifier = Signature.getInstance(key.signatureAlgorithm());
      verifier.initVerify(certified);
      verifier.update(challenge);
      return verifier.verify(key.sign(challenge, random));
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  /**
   * Makes the root that devices trust.
   *
   * @param name the CN, unlike that of any other authority of this organization
   * @param key a P-384 key, by the rules of this project
   */
  public static CertificateAuthority createRoot(
      String name, String organization, SigningKey key, Instant at, SecureRandom random) {
    return selfSigned(
        CertificateProfile.ROOT, Subjects.authority(organization, name), key, at, random);
  }

  /** Makes the root that the operator API trusts, apart from the devices'. */
  public static CertificateAuthority createOperatorRoot(
      String name, String organization, SigningKey key, Instant at, SecureRandom random) {
    return selfSigned(
        CertificateProfile.OPERATOR_ROOT, Subjects.authority(organization, name), key, at, random);
  }

  /**
   * Makes the authority of one hub for its phones. It has no end; whoever resets the hub makes
   * another.
   *
   * @param name the CN: the hub's id
   * @param at by the hub's clock, which may be wrong
   */
  public static CertificateAuthority createPhoneRoot(
      String name, SigningKey key, Instant at, SecureRandom random) {
    return selfSigned(CertificateProfile.PHONE_ROOT, Subjects.commonName(name), key, at, random);
  }

  private static CertificateAuthority selfSigned(
      CertificateProfile profile,
      X500Name subject,
      SigningKey key,
      Instant at,
      SecureRandom random) {
    requireFit(key.publicKey());
    var draft =
        new CertificateDraft(
            profile,
            subject,
            key.publicKey(),
            notBefore(at),
            profile
                .validity()
                .map(validity -> at.atOffset(ZoneOffset.UTC).plus(validity).toInstant())
                .orElse(WITHOUT_END));
    X509Certificate certificate = draft.selfSign(key, random);
    return new CertificateAuthority(certificate, key, random, NameRules.of(certificate));
  }

  /**
   * Certifies an issuing authority. This one must have room below it (RFC 5280 §4.2.1.9).
   *
   * @param name the CN, unlike that of any other authority of this organization
   */
  public X509Certificate issueAuthority(
      AuthorityProfile profile, PublicKey publicKey, String name, Instant at) {
    return authorityDraft(profile, publicKey, name, at).sign(certificate, key, random);
  }

  /**
   * Certifies an issuing authority for less time than its profile gives: a factory's line.
   *
   * @param name the CN, unlike that of any other authority of this organization
   * @param until its end, to the second; after {@code at}, and not after the end that the profile
   *     or this authority would give it
   */
  public X509Certificate issueAuthority(
      AuthorityProfile profile, PublicKey publicKey, String name, Instant at, Instant until) {
    CertificateDraft draft = authorityDraft(profile, publicKey, name, at);
    if (!until.isAfter(at) || until.isAfter(draft.notAfter())) {
      throw new IllegalArgumentException(
          "until: expected a time after %s and not after %s, got %s"
              .formatted(at, draft.notAfter(), until));
    }
    return draft.endingAt(until.truncatedTo(ChronoUnit.SECONDS)).sign(certificate, key, random);
  }

  private CertificateDraft authorityDraft(
      AuthorityProfile profile, PublicKey publicKey, String name, Instant at) {
    if (certificate.getBasicConstraints() < 1) {
      throw new IllegalStateException(
          "authority " + subject + ": its path length leaves no room for another authority");
    }
    requireFit(publicKey);
    X500Name authority = Subjects.authority(Subjects.organization(subject), name);
    if (authority.equals(subject)) {
      throw new IllegalArgumentException("name: expected one unlike the issuer's, got " + name);
    }
    return draft(profile.profile(), authority, publicKey, at).withNameRules(NameRules.of(profile));
  }

  /** Certifies a device. The registry says who it is; the request proves the key, nothing else. */
  public X509Certificate issueDevice(
      VerifiedRequest request, DeviceName name, DeviceValidity validity, Instant at) {
    requirePurpose(Purpose.CLIENT);
    CertificateDraft draft =
        draft(CertificateProfile.DEVICE, Subjects.device(name), request.publicKey(), at)
            .withAlternativeNames(
                List.of(new GeneralName(GeneralName.uniformResourceIdentifier, name.urn())));
    return switch (validity) {
      case RENEWED -> draft.sign(certificate, key, random);
      case WITHOUT_END -> draft.endingAt(WITHOUT_END).sign(certificate, key, random);
    };
  }

  /**
   * Certifies a server of one's own.
   *
   * @param names at least one; the first DNS name becomes the CN as well
   * @throws NameNotPermittedException if the name constraints of this authority exclude one
   */
  public X509Certificate issueServer(PublicKey publicKey, List<ServerName> names, Instant at)
      throws NameNotPermittedException {
    requirePurpose(Purpose.SERVER);
    requireFit(publicKey);
    if (names.isEmpty()) {
      throw new IllegalArgumentException("names: expected at least one, got none");
    }
    for (ServerName name : names) {
      requirePermitted(name);
    }
    return draft(CertificateProfile.SERVER, Subjects.server(subject, names), publicKey, at)
        .withAlternativeNames(names.stream().distinct().map(NameRules::subjectAlternative).toList())
        .sign(certificate, key, random);
  }

  /**
   * Certifies an operator; only an operators' root does.
   *
   * @param name the CN, 1 to 64 characters
   */
  public X509Certificate issueOperator(VerifiedRequest request, String name, Instant at) {
    if (!isOperatorsRoot()) {
      throw new IllegalStateException(
          "authority " + subject + ": expected an operators' root to certify an operator");
    }
    // Tells apart two people who bear one name one after the other.
    String urn = "urn:uuid:" + randomUuid();
    return draft(CertificateProfile.OPERATOR, Subjects.operator(name), request.publicKey(), at)
        .withAlternativeNames(List.of(new GeneralName(GeneralName.uniformResourceIdentifier, urn)))
        .sign(certificate, key, random);
  }

  /**
   * Certifies a hub, for ever: see {@link CertificateProfile#HUB}. The factory says who it is; the
   * request proves the key, nothing else.
   *
   * @throws NameNotPermittedException if the name constraints of this authority exclude its domain
   */
  public X509Certificate issueHub(VerifiedRequest request, HubName name, Instant at)
      throws NameNotPermittedException {
    requirePurpose(Purpose.SERVER);
    requirePermitted(name.host());
    return draft(CertificateProfile.HUB, Subjects.device(name.device()), request.publicKey(), at)
        .withAlternativeNames(
            List.of(
                NameRules.subjectAlternative(name.host()),
                new GeneralName(GeneralName.uniformResourceIdentifier, name.device().urn())))
        .sign(certificate, key, random);
  }

  /**
   * Certifies a phone; only a hub's authority for its phones does.
   *
   * @param label the CN, for people: 1 to 64 printable characters
   * @param at by the hub's clock, which may be wrong: before this authority began counts as then
   */
  public X509Certificate issuePhone(VerifiedRequest request, String label, Instant at) {
    if (!isSelfSigned()
        || certificate.getBasicConstraints() != 0
        || !purposes().equals(Purpose.CLIENT.oid().stream().toList())) {
      throw new IllegalStateException(
          "authority " + subject + ": expected a hub's own authority to certify a phone");
    }
    Instant begins = certificate.getNotBefore().toInstant();
    UUID uuid = randomUuid();
    return draft(
            CertificateProfile.PHONE,
            Subjects.phone(label, uuid),
            request.publicKey(),
            at.isBefore(begins) ? begins : at)
        .withAlternativeNames(
            List.of(new GeneralName(GeneralName.uniformResourceIdentifier, "urn:uuid:" + uuid)))
        .sign(certificate, key, random);
  }

  /** Whether the name constraints of this authority let it certify a server of this name. */
  public boolean permits(ServerName name) {
    return nameRules.permits(name);
  }

  public X509Certificate certificate() {
    return certificate;
  }

  /** The O of its subject: the maker. */
  public String organization() {
    return Subjects.organization(subject);
  }

  /** The authority's subject, and nothing of its key. */
  @Override
  public String toString() {
    return "CertificateAuthority[" + subject + "]";
  }

  /** A draft with the usual validity, clipped to this authority's own if there is one. */
  private CertificateDraft draft(
      CertificateProfile profile, X500Name name, PublicKey publicKey, Instant at) {
    Instant begins = certificate.getNotBefore().toInstant();
    Instant ends = certificate.getNotAfter().toInstant();
    if (at.isBefore(begins) || !at.isBefore(ends)) {
      throw new IllegalStateException(
          "authority %s: expected a time between %s and %s, got %s"
                  .formatted(subject, begins, ends, at)
              + "; if the clock is right: an ended authority is replaced");
    }
    Instant notBefore = notBefore(at);
    return new CertificateDraft(
        profile,
        name,
        publicKey,
        notBefore.isBefore(begins) ? begins : notBefore,
        profile.validity().map(validity -> clipped(at, validity, ends)).orElse(WITHOUT_END));
  }

  private static Instant clipped(Instant at, Period validity, Instant end) {
    Instant notAfter =
        at.truncatedTo(ChronoUnit.SECONDS).atOffset(ZoneOffset.UTC).plus(validity).toInstant();
    return notAfter.isAfter(end) ? end : notAfter;
  }

  private static Instant notBefore(Instant at) {
    return at.truncatedTo(ChronoUnit.SECONDS).minus(BACKDATED_BY);
  }

  private void requirePurpose(Purpose purpose) {
    if (!purposes().equals(purpose.oid().stream().toList())) {
      throw new IllegalStateException(
          "authority %s: expected one that certifies for the purpose %s, got %s"
              .formatted(subject, purpose.oid().orElse("any"), purposes()));
    }
  }

  /** Self-signed, without room below it (which the devices' root has), for any purpose. */
  private boolean isOperatorsRoot() {
    return isSelfSigned() && certificate.getBasicConstraints() == 0 && purposes().isEmpty();
  }

  private boolean isSelfSigned() {
    return certificate.getIssuerX500Principal().equals(certificate.getSubjectX500Principal());
  }

  private List<String> purposes() {
    try {
      List<String> purposes = certificate.getExtendedKeyUsage();
      return purposes == null ? List.of() : purposes;
    } catch (CertificateParsingException e) {
      throw new IllegalStateException("authority " + subject + ": unreadable purposes", e);
    }
  }

  private void requirePermitted(ServerName name) throws NameNotPermittedException {
    if (!nameRules.permits(name)) {
      throw new NameNotPermittedException(
          "server name: expected "
              + nameRules.permittedText().orElse("none of this kind")
              + ", got "
              + name.text()
              + "; other names need another authority");
    }
  }

  /** Our own keys go through the same policy; one that fails it is a mistake in this program. */
  private static void requireFit(PublicKey publicKey) {
    try {
      KeyPolicy.standard().require(publicKey);
    } catch (RefusedRequestException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  /** RFC 9562 §5.4, from the source of randomness this authority was given. */
  private UUID randomUuid() {
    long high = (random.nextLong() & 0xFFFF_FFFF_FFFF_0FFFL) | 0x4000L;
    long low = (random.nextLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
    return new UUID(high, low);
  }
}
