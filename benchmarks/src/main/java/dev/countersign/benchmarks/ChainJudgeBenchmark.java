// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.benchmarks;

import dev.countersign.pki.AuthorityProfile;
import dev.countersign.pki.CertificateAuthority;
import dev.countersign.pki.DeviceName;
import dev.countersign.pki.DeviceValidity;
import dev.countersign.pki.KeyPolicy;
import dev.countersign.pki.VerifiedRequest;
import dev.countersign.pki.key.KeyKind;
import dev.countersign.pki.key.SigningKey;
import dev.countersign.protocol.DeviceSerial;
import dev.countersign.protocol.ProtocolException;
import dev.countersign.protocol.x509.CertificateRequest;
import dev.countersign.protocol.x509.ChainVerifier;
import dev.countersign.protocol.x509.VerifiedChain;
import dev.countersign.server.credentials.ChainJudge;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Judging a device's certificate: one that was seen before, and one that was not. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class ChainJudgeBenchmark {
  private static final long REMEMBERED = 1_000;

  /** More than the platform's own memory of parsed certificates and their signatures holds. */
  private static final int STRANGERS = 2_000;

  private final Clock clock = Clock.systemUTC();
  private final Fleet fleet = Fleet.create(clock);
  private final List<X509Certificate> presented = List.of(fleet.devices().getFirst());
  private int next;
  private final ChainJudge remembering = new ChainJudge(fleet.verifier(), clock, REMEMBERED);

  @Benchmark
  public VerifiedChain hit() throws ProtocolException {
    return remembering.judge(presented);
  }

  /** By a judge that remembers nobody; a limit of 0 would take effect only after a while. */
  @Benchmark
  public VerifiedChain miss() throws ProtocolException {
    return new ChainJudge(fleet.verifier(), clock, REMEMBERED)
        .judge(List.of(fleet.devices().get(next++ % STRANGERS)));
  }

  /** Devices under authorities as {@code init} makes them. */
  private record Fleet(ChainVerifier verifier, List<X509Certificate> devices) {
    static Fleet create(Clock clock) {
      var random = new SecureRandom();
      Instant now = clock.instant();
      var rootKey = SigningKey.generate(KeyKind.P384, random);
      var authorityKey = SigningKey.generate(KeyKind.P256, random);
      var deviceKey = SigningKey.generate(KeyKind.P256, random);
      try {
        var root = CertificateAuthority.createRoot("Root", "Benchmark", rootKey, now, random);
        var certificate =
            root.issueAuthority(
                new AuthorityProfile.DeviceAuthority(), authorityKey.publicKey(), "Device CA", now);
        var request =
            CertificateRequest.create(new KeyPair(deviceKey.publicKey(), deviceKey.privateKey()));
        var verified = VerifiedRequest.verify(request, KeyPolicy.standard());
        var authority = new CertificateAuthority(certificate, authorityKey, random);
        var devices = new ArrayList<X509Certificate>();
        for (int i = 0; i < STRANGERS; i++) {
          var name = new DeviceName("Benchmark", 32_473, new DeviceSerial("B" + i));
          devices.add(authority.issueDevice(verified, name, DeviceValidity.forDevice(true), now));
        }
        return new Fleet(
            ChainVerifier.through(List.of(root.certificate()), List.of(certificate)), devices);
      } catch (ProtocolException | GeneralSecurityException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
