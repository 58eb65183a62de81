// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.hub.factory;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.countersign.hub.factory.LedgerEntry.Kind;
import dev.countersign.hub.factory.StationRefusedException.Reason;
import dev.countersign.pki.CertificateAuthority;
import dev.countersign.pki.DeviceName;
import dev.countersign.pki.HubName;
import dev.countersign.pki.NameNotPermittedException;
import dev.countersign.pki.ServerName;
import dev.countersign.pki.VerifiedRequest;
import dev.countersign.pki.key.KeyFileException;
import dev.countersign.pki.key.SigningKey;
import dev.countersign.protocol.DeviceSerial;
import dev.countersign.protocol.Sha256;
import dev.countersign.protocol.pairing.HubId;
import dev.countersign.protocol.pairing.VerifiedHub;
import dev.countersign.protocol.x509.ChainRefusedException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/**
 * A station of a production line, which certifies hubs without a server: as many as its quota says,
 * no key twice, until its end.
 *
 * <p><b>Security guarantees.</b> The quota's signature by the root and the ledger's chain are
 * verified before each hub. An entry is on the disk before its certificate leaves, so a failure
 * never makes a hub that does not count. A hub's id is certified for another key only for who shows
 * the old key's signature.
 *
 * <p>None of this holds against who takes the station's key: see the package.
 *
 * <p>Safe for use by many threads and processes, one at a time.
 */
public final class Station {
  private static final int P256_BITS = 256;

  private final StationFiles files;
  private final Clock clock;
  private final SecureRandom random;
  private final StationRecord record;
  private final CertificateAuthority authority;
  private final Quota quota;
  private final Ledger ledger;

  private Station(
      StationFiles files,
      Clock clock,
      SecureRandom random,
      StationRecord record,
      CertificateAuthority authority) {
    this.files = files;
    this.clock = clock;
    this.random = random;
    this.record = record;
    this.authority = authority;
    this.quota = record.quota();
    this.ledger = record.ledger();
  }

  /**
   * Opens a station, and verifies everything in it.
   *
   * @param clock this machine's; it bounds what is made
   * @throws StationRefusedException if something in it was changed
   */
  public static Station open(Path directory, Clock clock, SecureRandom random)
      throws IOException, StationRefusedException {
    StationRecord record = StationRecord.open(directory);
    var files = new StationFiles(directory);
    try {
      SigningKey key = SigningKey.parsePem(Files.readString(files.key(), US_ASCII));
      return new Station(
          files, clock, random, record, new CertificateAuthority(record.authority(), key, random));
    } catch (NoSuchFileException e) {
      throw new IOException(
          files.key() + " is missing; a station without its key only shows what it made", e);
    } catch (KeyFileException e) {
      throw new IOException(
          files.key() + ": " + e.getMessage() + "; bring the station back, and make another", e);
    }
  }

  /** What the root allowed. */
  public Quota quota() {
    return quota;
  }

  /** The maker's root. */
  public X509Certificate root() {
    return record.root();
  }

  /** How many certificates it has made. */
  public synchronized int issued() {
    return ledger.count();
  }

  /**
   * A certificate, with its place in the ledger.
   *
   * @param issued how many were made by now, of the quota
   */
  record Issue(LedgerEntry entry, VerifiedHub hub, int issued) {}

  /**
   * Certifies a new hub.
   *
   * @param serial empty for one like its id
   * @param domain empty for the quota's
   */
  synchronized Issue issue(
      VerifiedRequest request,
      Optional<DeviceSerial> serial,
      Optional<ServerName.Dns> domain,
      Claim claim)
      throws IOException, StationRefusedException {
    try (FileChannel _ = lock()) {
      record.refresh();
      Optional<Issue> again = madeBefore(request, claim);
      if (again.isPresent()) {
        requireSame(again.get().entry(), serial.orElse(again.get().entry().serial()));
        return again.get();
      }
      HubId id = HubId.random(random);
      DeviceSerial name = serial.orElseGet(() -> new DeviceSerial(id.toString()));
      requireNewSerial(name);
      return make(Kind.NEW_HUB, request, hubName(id, name, domain.orElse(quota.domain())), claim);
    }
  }

  /**
   * Certifies another key of a hub that the maker's root knows: of this line or an older one.
   *
   * @param chain of the old key
   * @param statement by which the old key names the new one
   */
  synchronized Issue reissue(
      VerifiedRequest request, List<X509Certificate> chain, byte[] statement, Claim claim)
      throws IOException, StationRefusedException {
    try (FileChannel _ = lock()) {
      record.refresh();
      OldHub old = OldHub.verify(chain, statement, request.keyHash(), record.root());
      Optional<Issue> again = madeBefore(request, claim);
      if (again.isPresent()) {
        requireSame(again.get().entry(), old.serial());
        return again.get();
      }
      return make(Kind.NEW_KEY, request, hubName(old.id(), old.serial(), old.domain()), claim);
    }
  }

  /** Notes that the certificate of this key is in its hub. Does nothing if it is noted. */
  synchronized void deliver(Sha256 key) throws IOException, StationRefusedException {
    try (FileChannel _ = lock()) {
      record.refresh();
      Optional<LedgerEntry> entry = ledger.byKey(key);
      if (entry.isPresent()) {
        ledger.deliver(entry.get().number(), now());
      }
    }
  }

  /** Waits for other processes; those of this one wait for each other by the monitor. */
  private FileChannel lock() throws IOException {
    FileChannel channel =
        FileChannel.open(files.lock(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      FileLock held = channel.lock();
      if (!held.isValid()) {
        throw new IOException(files.lock() + " was not locked; try again");
      }
      return channel;
    } catch (OverlappingFileLockException e) {
      channel.close();
      throw new IOException(
          files.directory() + " is in use by another part of this program; try again", e);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  /** The same directory after a failure gets its certificate; everybody else is a second hub. */
  private Optional<Issue> madeBefore(VerifiedRequest request, Claim claim)
      throws StationRefusedException {
    Optional<LedgerEntry> found = ledger.byKey(request.keyHash());
    if (found.isEmpty()) {
      return Optional.empty();
    }
    LedgerEntry entry = found.get();
    if (!entry.claim().equals(claim.hash()) || ledger.isDelivered(entry)) {
      throw repeatedKey(entry);
    }
    return Optional.of(issue(entry));
  }

  private static void requireSame(LedgerEntry entry, DeviceSerial serial)
      throws StationRefusedException {
    if (!entry.serial().equals(serial)) {
      throw repeatedKey(entry);
    }
  }

  private static StationRefusedException repeatedKey(LedgerEntry entry) {
    return new StationRefusedException(
        Reason.REPEATED_KEY,
        "the key %s… is hub %s's (serial %s, number %d, %s)"
            .formatted(
                entry.key().hex().substring(0, 16),
                entry.hub(),
                entry.serial(),
                entry.number(),
                entry.at()),
        "each hub needs a key of its own: remove hub.key, and one is made; if the line puts keys"
            + " there, find out where it got this one twice");
  }

  private HubName hubName(HubId id, DeviceSerial serial, ServerName.Dns domain) {
    return new HubName(
        new DeviceName(quota.organization(), quota.enterpriseNumber(), serial), id, domain);
  }

  private void requireNewSerial(DeviceSerial serial) throws StationRefusedException {
    Optional<LedgerEntry> holder = ledger.bySerial(serial);
    if (holder.isPresent()) {
      throw new StationRefusedException(
          Reason.REPEATED_SERIAL,
          "the serial %s is hub %s's (number %d, %s)"
              .formatted(serial, holder.get().hub(), holder.get().number(), holder.get().at()),
          "give this one another --serial, or none: then it is named by its id");
    }
  }

  private Issue make(Kind kind, VerifiedRequest request, HubName name, Claim claim)
      throws IOException, StationRefusedException {
    requireP256(request);
    if (ledger.count() >= quota.hubs()) {
      throw new StationRefusedException(
          Reason.QUOTA_SPENT,
          "station %s has made its %d of %d hubs"
              .formatted(quota.station(), ledger.count(), quota.hubs()),
          "bring it back; 'countersign hub station create' makes another, where the root is");
    }
    Instant at = now();
    requireItsTime(at);
    try {
      X509Certificate certificate = authority.issueHub(request, name, at);
      var entry =
          new LedgerEntry(
              ledger.count() + 1,
              kind,
              name.id(),
              name.device().serial(),
              request.keyHash(),
              claim.hash(),
              at,
              certificate);
      ledger.add(entry);
      return issue(entry);
    } catch (NameNotPermittedException e) {
      throw new StationRefusedException(
          Reason.DOMAIN,
          String.valueOf(e.getMessage()),
          "leave --domain out, or make a station for that domain");
    }
  }

  /** Statements of a hub's successors are signed by P-256 (docs/protocol.md). */
  private static void requireP256(VerifiedRequest request) throws StationRefusedException {
    if (!(request.publicKey() instanceof ECPublicKey ec)
        || ec.getParams().getOrder().bitLength() != P256_BITS) {
      throw new StationRefusedException(
          Reason.BAD_KEY,
          "expected a key of P-256, got another",
          "hubs announce a successor of their key by ECDSA with P-256; remove hub.key, and one is"
              + " made");
    }
  }

  /** Whoever sets the clock back wins nothing that the ledger knows to have passed. */
  private Instant now() {
    Instant told = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    return told.isBefore(ledger.last()) ? ledger.last() : told;
  }

  private void requireItsTime(Instant at) throws StationRefusedException {
    Instant begin = authority.certificate().getNotBefore().toInstant();
    if (at.isBefore(begin)) {
      throw new StationRefusedException(
          Reason.NOT_ITS_TIME,
          "this machine's clock says %s, before the station began on %s".formatted(at, begin),
          "set the clock; it bounds what is made, so it has to be right here");
    }
    if (!at.isBefore(quota.until())) {
      throw new StationRefusedException(
          Reason.NOT_ITS_TIME,
          "station %s ended on %s; by this machine's clock, or by the last hub it made, it is %s"
              .formatted(quota.station(), quota.until(), at),
          "if that is right, bring it back and make another with 'countersign hub station create';"
              + " if the clock is wrong, set it");
    }
  }

  private Issue issue(LedgerEntry entry) {
    try {
      return new Issue(entry, record.hub(entry), ledger.count());
    } catch (ChainRefusedException e) {
      throw new AssertionError("what an intact station certified is a hub", e);
    }
  }
}
