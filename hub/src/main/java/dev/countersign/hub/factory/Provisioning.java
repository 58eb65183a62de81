// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.hub.factory;

import dev.countersign.client.storage.StateDirectory;
import dev.countersign.hub.factory.StationRefusedException.Reason;
import dev.countersign.hub.identity.HubIdentity;
import dev.countersign.hub.identity.HubIdentityFile;
import dev.countersign.pki.ServerName;
import dev.countersign.pki.key.SigningKey;
import dev.countersign.protocol.DeviceSerial;
import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.Sha256;
import dev.countersign.protocol.pairing.HubSuccession;
import dev.countersign.protocol.pairing.PairingSecret;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Gives one hub its identity, or another key, from a station.
 *
 * <pre>
 * 1 claim and key on the disk    STATE/provisioning, STATE/hub.key
 * 2 the station's ledger         an entry with the certificate, on the disk; then it leaves
 * 3 identity on the disk         STATE/hub.pem, in one step
 * 4 the station's ledger         "delivered": nobody gets that certificate again
 * 5 claim and key removed        when the caller has shown the label: {@link #finish}
 * </pre>
 *
 * Killed anywhere, the same command goes on where it was: no key gets into two hubs, no hub is made
 * that does not count, and no label is lost.
 *
 * <p>Holds the hub's directory until it is closed, so never while the hub runs.
 */
public final class Provisioning implements AutoCloseable {
  private final StateDirectory state;
  private final HubIdentityFile identityFile;
  private final HubKeyFile keyFile;
  private final Station station;
  private final SecureRandom random;

  private Provisioning(StateDirectory state, Station station, SecureRandom random) {
    this.state = state;
    this.identityFile = new HubIdentityFile(state.path());
    this.keyFile = new HubKeyFile(state.path(), random);
    this.station = station;
    this.random = random;
  }

  /**
   * Takes a hub's directory, made if it is not there.
   *
   * @throws StateDirectory.InUseException if the hub runs
   */
  public static Provisioning of(Path state, Station station, SecureRandom random)
      throws IOException {
    return new Provisioning(StateDirectory.open(state), station, random);
  }

  /**
   * Makes a hub of a directory that has no identity.
   *
   * @param serial empty for one like its id
   * @param domain empty for the station's
   */
  public Provisioned provision(Optional<DeviceSerial> serial, Optional<ServerName.Dns> domain)
      throws IOException, StationRefusedException {
    Optional<HubIdentity> there = identityFile.load();
    if (there.isPresent()) {
      HubIdentity hub = there.get();
      if (hub.keyCounter() == 0 && isUnfinished(hub)) {
        return finished(hub);
      }
      throw new StationRefusedException(
          Reason.PROVISIONED,
          identityFile.path() + " exists: this is hub " + hub.id(),
          "a hub keeps its identity for ever; use another --state, or 'countersign hub"
              + " replace-key' for a new key");
    }
    SigningKey key = keyFile.readOrMake();
    Station.Issue issue = station.issue(keyFile.request(key), serial, domain, keyFile.claim());
    return store(issue, key, List.of(), 0);
  }

  /**
   * Gives a hub another key under its id, announced by the old one. Phones follow; a printed label
   * is void.
   */
  public Provisioned replaceKey() throws IOException, StationRefusedException {
    HubIdentity old =
        identityFile
            .load()
            .orElseThrow(() ->
                new StationRefusedException(
                    Reason.NOT_PROVISIONED,
                    identityFile.path() + " does not exist: this is no hub yet",
                    "'countersign hub provision' makes one of it"));
    if (isUnfinished(old)) {
      if (old.keyCounter() > 0) {
        return finished(old);
      }
      // Provisioned, but never said so: that ends first, or its key would be taken for the new one.
      station.deliver(old.keyHash());
      keyFile.discard();
    }
    SigningKey key = keyFile.readOrMake();
    long counter = old.keyCounter() + 1;
    byte[] statement = statement(old, key, counter);
    Station.Issue issue =
        station.reissue(keyFile.request(key), old.chain(), statement, keyFile.claim());
    var statements = new ArrayList<>(old.successions());
    statements.add(statement);
    int tooMany = Math.max(0, statements.size() - HubIdentity.MAX_SUCCESSIONS);
    return store(issue, key, statements.subList(tooMany, statements.size()), counter);
  }

  private static byte[] statement(HubIdentity old, SigningKey key, long counter)
      throws StationRefusedException {
    try {
      return HubSuccession.sign(old.id(), key.publicKey(), counter, old.privateKey());
    } catch (GeneralSecurityException e) {
      throw new StationRefusedException(
          Reason.BAD_KEY,
          "the new key cannot follow the old one: " + e.getMessage(),
          "hubs have keys of P-256; remove hub.key, and one is made");
    }
  }

  /** An attempt was killed after its step 3: the key that waits is in the identity already. */
  private boolean isUnfinished(HubIdentity identity) throws IOException {
    Optional<SigningKey> key = keyFile.read();
    return keyFile.isUnderWay()
        && key.isPresent()
        && Sha256.of(key.get().publicKey().getEncoded()).equals(identity.keyHash());
  }

  private Provisioned finished(HubIdentity identity) throws IOException, StationRefusedException {
    station.deliver(identity.keyHash());
    return new Provisioned(identity, OptionalInt.empty(), station.issued());
  }

  private Provisioned store(
      Station.Issue issue, SigningKey key, List<byte[]> statements, long counter)
      throws IOException, StationRefusedException {
    try {
      var identity =
          new HubIdentity(issue.hub(), key, PairingSecret.random(random), statements, counter);
      identityFile.store(identity);
      station.deliver(identity.keyHash());
      return new Provisioned(identity, OptionalInt.of(issue.entry().number()), issue.issued());
    } catch (MalformedException e) {
      throw new AssertionError("a station names every hub's serial", e);
    }
  }

  /** The label was shown; nothing is left to do but to remove what a repetition would need. */
  public void finish() throws IOException {
    keyFile.discard();
  }

  @Override
  public void close() throws IOException {
    state.close();
  }
}
