// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.benchmarks;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.countersign.protocol.ProtocolException;
import dev.countersign.protocol.x509.Certificates;
import dev.countersign.protocol.x509.ChainVerifier;
import dev.countersign.protocol.x509.Purpose;
import dev.countersign.protocol.x509.VerifiedChain;
import dev.countersign.server.audit.JdbcAuditLog;
import dev.countersign.server.credentials.CredentialCache;
import dev.countersign.server.credentials.CredentialRefusedException;
import dev.countersign.server.credentials.DeviceAuthenticator;
import dev.countersign.server.credentials.Ladder;
import dev.countersign.server.database.SqliteDatabase;
import dev.countersign.server.installation.Authorities;
import dev.countersign.server.installation.DataDirectory;
import dev.countersign.server.installation.Installation;
import dev.countersign.server.ledger.JdbcCertificateLedger;
import dev.countersign.server.registry.JdbcDevices;
import dev.countersign.server.secrets.JdbcDeviceSecrets;
import dev.countersign.server.secrets.KeyEncryptionKeys;
import dev.countersign.server.secrets.SharedSecrets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * From a verified certificate to the device behind it, in a registry that {@link FleetWriter}
 * filled: the first time, from the database, and again, from memory. One after the other, so that
 * nothing waits in a queue.
 *
 * <p>Arguments: the data directory, where the identities are, and how often to begin with an empty
 * memory; the first half of these is for the JIT compiler and not counted.
 */
public final class LookUps {
  private static final long REMEMBERED = 100_000;
  private static final long SEED = 20_260_101;
  private static final double NANOS_PER_MICRO = 1_000;

  private LookUps() {}

  public static void main(String[] args) throws Exception {
    var directory = new DataDirectory(Path.of(args[0]));
    int rounds = Integer.parseInt(args[2]);
    var clock = Clock.systemUTC();
    List<VerifiedChain> chains = chains(directory, Path.of(args[1]), clock);
    var first = new long[rounds / 2 * chains.size()];
    var again = new long[first.length];
    try (var database = SqliteDatabase.open(directory.registry())) {
      for (int round = 0; round < rounds; round++) {
        var authenticator = authenticator(database, directory, clock);
        Collections.shuffle(chains, new Random(SEED + round));
        for (int i = 0; i < chains.size(); i++) {
          long cold = nanos(authenticator, chains.get(i));
          long warm = nanos(authenticator, chains.get(i));
          if (round >= rounds - rounds / 2) {
            int at = (round - (rounds - rounds / 2)) * chains.size() + i;
            first[at] = cold;
            again[at] = warm;
          }
        }
      }
    }
    print("first", first);
    print("again", again);
  }

  private static List<VerifiedChain> chains(DataDirectory directory, Path identities, Clock clock)
      throws IOException, ProtocolException {
    Authorities authorities =
        Installation.open(directory, List.of(), new SecureRandom()).authorities();
    var verifier =
        ChainVerifier.through(
            List.of(authorities.root()), List.of(authorities.device().certificate()));
    var chains = new ArrayList<VerifiedChain>();
    try (var files = Files.newDirectoryStream(identities, "*.pem")) {
      for (Path file : files) {
        var leaf = Certificates.parsePem(Files.readString(file, US_ASCII));
        chains.add(verifier.verify(leaf, new Purpose.TlsClient(), clock.instant()));
      }
    }
    return chains;
  }

  private static DeviceAuthenticator authenticator(
      SqliteDatabase database, DataDirectory directory, Clock clock) throws IOException {
    var random = new SecureRandom();
    var devices = new JdbcDevices();
    var ledger = new JdbcCertificateLedger();
    var audit = new JdbcAuditLog();
    var secrets =
        SharedSecrets.open(
            database,
            devices,
            new JdbcDeviceSecrets(),
            KeyEncryptionKeys.load(directory, random),
            REMEMBERED,
            random);
    var cache = new CredentialCache(database, devices, ledger, secrets, REMEMBERED);
    var ladder = new Ladder(database, devices, secrets, cache, audit, device -> false, clock);
    return new DeviceAuthenticator(cache, database, devices, ladder, ledger, audit, clock);
  }

  private static long nanos(DeviceAuthenticator authenticator, VerifiedChain chain)
      throws CredentialRefusedException {
    long begun = System.nanoTime();
    authenticator.byCertificate(chain);
    return System.nanoTime() - begun;
  }

  private static void print(String name, long[] nanos) {
    Arrays.sort(nanos);
    System.out.printf(
        "%s_p50_us=%.1f %s_p99_us=%.1f %s_max_us=%.1f n=%d%n",
        name,
        at(nanos, 0.5),
        name,
        at(nanos, 0.99),
        name,
        nanos[nanos.length - 1] / NANOS_PER_MICRO,
        nanos.length);
  }

  private static double at(long[] sorted, double part) {
    return sorted[(int) (part * (sorted.length - 1))] / NANOS_PER_MICRO;
  }
}
