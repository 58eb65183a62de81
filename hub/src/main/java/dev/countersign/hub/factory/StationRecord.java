// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.hub.factory;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.countersign.hub.factory.StationRefusedException.Reason;
import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.ProtocolException;
import dev.countersign.protocol.Sha256;
import dev.countersign.protocol.pairing.HubVerifier;
import dev.countersign.protocol.pairing.VerifiedHub;
import dev.countersign.protocol.x509.Certificates;
import dev.countersign.protocol.x509.ChainRefusedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * A station without its key: what it was allowed and what it made. This is what comes back to the
 * maker, who compares it with the others.
 *
 * <p><b>Security guarantees.</b> The root signed the authority and the quota, the quota is for this
 * authority, and every line of the ledger follows the one before it. A ledger that was set back as
 * a whole, head and all, is not found here; hubs that it does not know are, when they appear.
 *
 * <p>Not safe for several threads.
 */
public final class StationRecord {
  private final StationFiles files;
  private final X509Certificate authority;
  private final X509Certificate root;
  private final Quota quota;
  private final Ledger ledger;

  private StationRecord(
      StationFiles files,
      X509Certificate authority,
      X509Certificate root,
      Quota quota,
      Ledger ledger) {
    this.files = files;
    this.authority = authority;
    this.root = root;
    this.quota = quota;
    this.ledger = ledger;
  }

  /**
   * Reads a station's directory; its key may be gone from it.
   *
   * @throws StationRefusedException if something in it was changed
   */
  public static StationRecord open(Path directory) throws IOException, StationRefusedException {
    var files = new StationFiles(directory);
    try {
      List<X509Certificate> chain =
          Certificates.parsePem(Files.readString(files.chain(), US_ASCII));
      if (chain.size() != 2) {
        throw new MalformedException("station.pem", "expected an authority and its root");
      }
      X509Certificate authority = chain.get(0);
      X509Certificate root = chain.get(1);
      authority.verify(root.getPublicKey());
      byte[] signed = Files.readAllBytes(files.quota());
      return new StationRecord(
          files,
          authority,
          root,
          quota(signed, root, authority),
          Ledger.read(directory, Sha256.of(signed)));
    } catch (NoSuchFileException e) {
      throw new IOException(
          e.getFile()
              + " is missing; 'countersign hub station create' makes a station, where the maker's"
              + " root is",
          e);
    } catch (GeneralSecurityException e) {
      throw tampered(
          directory,
          new MalformedException("station.pem", "the root did not sign the authority", e));
    } catch (ProtocolException e) {
      throw tampered(directory, e);
    }
  }

  /** Signed by the root, and for this key: another line's quota would do otherwise. */
  private static Quota quota(byte[] signed, X509Certificate root, X509Certificate authority)
      throws MalformedException {
    Quota quota = SignedQuota.verify(signed, root.getPublicKey());
    if (!quota.authority().equals(Certificates.keyHash(authority))) {
      throw new MalformedException("quota", "it is another station's");
    }
    return quota;
  }

  private static StationRefusedException tampered(Path directory, ProtocolException e) {
    return new StationRefusedException(
        Reason.TAMPERED,
        directory + ": " + e.getMessage(),
        "make no more hubs with it: bring it back to the maker, who compares it and makes another");
  }

  /** Verifies the quota once more, and reads what other processes have added to the ledger. */
  void refresh() throws IOException, StationRefusedException {
    try {
      byte[] signed = Files.readAllBytes(files.quota());
      if (!quota(signed, root, authority).equals(quota)) {
        throw new MalformedException("quota", "it changed");
      }
      ledger.refresh();
    } catch (ProtocolException e) {
      throw tampered(files.directory(), e);
    }
  }

  /**
   * Verifies every certificate in the ledger as a phone would.
   *
   * @throws StationRefusedException if one is not what its entry says
   */
  public void verifyCertificates() throws StationRefusedException {
    for (LedgerEntry entry : ledger.entries()) {
      try {
        hub(entry);
      } catch (ChainRefusedException e) {
        throw tampered(files.directory(), e);
      }
    }
  }

  VerifiedHub hub(LedgerEntry entry) throws ChainRefusedException {
    return HubVerifier.ofMakers(List.of(root))
        .verify(List.of(entry.certificate(), authority), entry.hub(), entry.key());
  }

  Ledger ledger() {
    return ledger;
  }

  /** What the root allowed. */
  public Quota quota() {
    return quota;
  }

  /** The certificate of the line's authority. */
  public X509Certificate authority() {
    return authority;
  }

  /** The maker's root. */
  public X509Certificate root() {
    return root;
  }

  /** What it made, in order. */
  public List<LedgerEntry> entries() {
    return ledger.entries();
  }

  /** How many certificates are known to be in their hubs. */
  public int delivered() {
    return ledger.deliveredCount();
  }

  /** Names the whole ledger: noted apart at the end of a day, it shows what was taken out since. */
  public Sha256 head() {
    return ledger.head();
  }
}
