// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.hub.factory;

import dev.countersign.hub.factory.StationRefusedException.Reason;
import dev.countersign.pki.ServerName;
import dev.countersign.protocol.DeviceSerial;
import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.NotAuthenticException;
import dev.countersign.protocol.ProtocolException;
import dev.countersign.protocol.Sha256;
import dev.countersign.protocol.pairing.HubId;
import dev.countersign.protocol.pairing.HubSuccession;
import dev.countersign.protocol.pairing.HubVerifier;
import dev.countersign.protocol.x509.SubjectNames;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * A hub whose old key named the one that is to be certified: its name stays. Only {@link #verify}
 * makes one.
 */
final class OldHub {
  private static final int SAN_DNS = 2;

  private final HubId id;
  private final DeviceSerial serial;
  private final ServerName.Dns domain;

  private OldHub(HubId id, DeviceSerial serial, ServerName.Dns domain) {
    this.id = id;
    this.serial = serial;
    this.domain = domain;
  }

  /**
   * Verifies that the maker's root knows the old key, and that this names the new one.
   *
   * @param chain of the old key
   * @param statement COSE_Sign1 by the old key
   */
  static OldHub verify(
      List<X509Certificate> chain, byte[] statement, Sha256 newKey, X509Certificate root)
      throws StationRefusedException {
    try {
      X509Certificate leaf = chain.getFirst();
      HubId id = HubVerifier.ofMakers(List.of(root)).identify(chain).id();
      if (!HubSuccession.verify(statement, id, leaf.getPublicKey()).newKey().equals(newKey)) {
        throw new NotAuthenticException();
      }
      DeviceSerial serial = DeviceSerial.parse(SubjectNames.claimed(leaf).getFirst());
      return new OldHub(id, serial, domain(leaf, id));
    } catch (ProtocolException e) {
      throw new StationRefusedException(
          Reason.NOT_PROVISIONED,
          "the old key and its certificate give no right to a new one here: " + e.getMessage(),
          "use a station of the same maker's root; a hub of another maker, or one that lost its old"
              + " key, begins in a new --state with 'countersign hub provision'");
    }
  }

  /** What follows the id in its one DNS name. */
  private static ServerName.Dns domain(X509Certificate leaf, HubId id) throws MalformedException {
    try {
      for (List<?> name : leaf.getSubjectAlternativeNames()) {
        if ((Integer) name.get(0) == SAN_DNS) {
          return new ServerName.Dns(((String) name.get(1)).substring(id.toString().length() + 1));
        }
      }
    } catch (CertificateParsingException | IllegalArgumentException e) {
      throw new MalformedException("hub certificate", "expected a DNS name", e);
    }
    throw new MalformedException("hub certificate", "expected a DNS name, got none");
  }

  HubId id() {
    return id;
  }

  DeviceSerial serial() {
    return serial;
  }

  ServerName.Dns domain() {
    return domain;
  }
}
