// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.hub.identity;

import dev.countersign.pki.key.SigningKey;
import dev.countersign.protocol.DeviceSerial;
import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.Sha256;
import dev.countersign.protocol.pairing.HubId;
import dev.countersign.protocol.pairing.HubSuccession;
import dev.countersign.protocol.pairing.PairingCode;
import dev.countersign.protocol.pairing.PairingSecret;
import dev.countersign.protocol.pairing.Role;
import dev.countersign.protocol.pairing.VerifiedHub;
import dev.countersign.protocol.x509.SubjectNames;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * A hub's key with the chain that certifies it, the secret on its label, and how it came by its
 * key.
 *
 * <p><b>Security guarantees.</b> The chain was verified for the id it names and for this very key
 * ({@link VerifiedHub}). Nothing secret is in {@link #toString}. Immutable.
 */
public final class HubIdentity {
  /** A phone that was away for more changes of the key than this pairs again. */
  public static final int MAX_SUCCESSIONS = HubSuccession.MAX_STATEMENTS;

  /** The O of the root of a hub that no maker has provisioned. */
  public static final String TRIAL_ORGANIZATION = "Countersign trial, not for products";

  /** RFC 2253 §2.4: a comma is escaped. */
  private static final String TRIAL_RDN = "O=" + TRIAL_ORGANIZATION.replace(",", "\\,");

  private final VerifiedHub hub;
  private final DeviceSerial serial;
  private final SigningKey key;
  private final PairingSecret label;
  private final List<byte[]> successions;
  private final long keyCounter;

  /**
   * An identity.
   *
   * @param hub its chain, verified for the hash of this key
   * @param label what the printed code proves
   * @param successions COSE_Sign1 statements of the keys before this one, oldest first
   * @param keyCounter how often the key was replaced
   * @throws IllegalArgumentException if the key is not the certificate's
   * @throws MalformedException if the certificate names no serial
   */
  public HubIdentity(
      VerifiedHub hub,
      SigningKey key,
      PairingSecret label,
      List<byte[]> successions,
      long keyCounter)
      throws MalformedException {
    if (!Sha256.of(key.publicKey().getEncoded()).equals(hub.key())) {
      throw new IllegalArgumentException("key: expected the one of the certificate, got another");
    }
    if (successions.size() > MAX_SUCCESSIONS) {
      throw new IllegalArgumentException(
          "successions: expected at most " + MAX_SUCCESSIONS + ", got " + successions.size());
    }
    if (keyCounter < successions.size()) {
      throw new IllegalArgumentException(
          "keyCounter: expected at least " + successions.size() + ", got " + keyCounter);
    }
    List<String> names = SubjectNames.claimed(hub.leaf());
    if (names.isEmpty()) {
      throw new MalformedException("hub certificate", "expected a serial in its subject, got none");
    }
    this.hub = hub;
    this.serial = DeviceSerial.parse(names.getFirst());
    this.key = key;
    this.label = label;
    this.successions = successions.stream().map(byte[]::clone).toList();
    this.keyCounter = keyCounter;
  }

  public HubId id() {
    return hub.id();
  }

  /** As printed on it, and in its certificate. */
  public DeviceSerial serial() {
    return serial;
  }

  public X509Certificate leaf() {
    return hub.leaf();
  }

  /** Leaf, its authority, the maker's root. */
  public List<X509Certificate> chain() {
    return hub.chain();
  }

  /** The maker's root. */
  public X509Certificate root() {
    return hub.root();
  }

  /** Whether no maker has provisioned this hub: its root is its own, for trying out. */
  public boolean isTrial() {
    return root().getSubjectX500Principal().getName().contains(TRIAL_RDN);
  }

  /** For TLS and for announcing a successor, which sign with it. */
  public PrivateKey privateKey() {
    return key.privateKey();
  }

  public PublicKey publicKey() {
    return key.publicKey();
  }

  /** The key with both halves, for the file that keeps it. */
  SigningKey key() {
    return key;
  }

  /** The hash of the SubjectPublicKeyInfo: what phones pin. */
  public Sha256 keyHash() {
    return hub.key();
  }

  /** The secret on the label. A new key brings a new one. */
  public PairingSecret label() {
    return label;
  }

  /** What the label says: never spent, and good for nothing until somebody presses the button. */
  public PairingCode labelCode() {
    return new PairingCode(PairingCode.Place.PRINTED, true, Role.OWNER, hub.id(), label, hub.key());
  }

  /** COSE_Sign1 statements, each by the key before it: oldest first, at most 16. */
  public List<byte[]> successions() {
    return successions.stream().map(byte[]::clone).toList();
  }

  /** How often the key was replaced. */
  public long keyCounter() {
    return keyCounter;
  }

  @Override
  public String toString() {
    return "HubIdentity[" + hub.id() + ", key and label hidden]";
  }
}
