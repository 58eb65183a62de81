// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.relay.exchange;

import dev.countersign.protocol.Sha256;
import dev.countersign.protocol.est.CertsOnly;
import dev.countersign.protocol.sealed.CoapCode;
import dev.countersign.protocol.sealed.InnerMessage;
import dev.countersign.server.database.Database;
import dev.countersign.server.disk.Room;
import dev.countersign.server.enrolment.Enrolment;
import dev.countersign.server.registry.Device;
import dev.countersign.server.secrets.SharedSecrets;
import dev.countersign.server.settings.DeviceSettings;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Puts the exchange together. */
public final class SealedService {
  /**
   * Features that sealed messages reach.
   *
   * @param requiresFresh whose readings are refused without proof that they are fresh
   */
  public record Features(
      DeviceSettings settings,
      Enrolment enrolment,
      List<X509Certificate> trust,
      Room room,
      Predicate<Device> requiresFresh) {}

  private SealedService() {}

  /**
   * The exchange over these features.
   *
   * @param maxDevices how many devices it remembers something of
   */
  public static SealedExchange open(
      Database database,
      SharedSecrets secrets,
      ContextBook contexts,
      Features features,
      SealedExchange.Surroundings surroundings,
      SecureRandom random,
      long maxDevices) {
    Clock clock = surroundings.clock();
    var agreements = new Agreements(random, System::nanoTime, maxDevices);
    var est = new EstResource(features.enrolment());
    var resources =
        new Resources(
            Map.of(
                "d", new ReadingsResource(features.room(), features.requiresFresh(), clock),
                "s", new SettingsResource(features.settings()),
                "a", new ReceiptResource(features.settings()),
                "t", new TrustResource(features.settings()),
                "k", new RekeyResource(database, secrets, random, clock, System::nanoTime),
                "est/crts", new FixedResource(certificates(features.trust())),
                "est/sen", est,
                "est/sren", est),
            new BlockTransfers(System::nanoTime));
    return new SealedExchange(
        new SealedOpener(secrets, contexts, agreements),
        contexts,
        agreements,
        new EchoValues(random, clock),
        resources,
        surroundings);
  }

  private static InnerMessage certificates(List<X509Certificate> trust) {
    byte[] body = CertsOnly.encode(trust);
    long version = ByteBuffer.wrap(Sha256.of(body).bytes()).getInt() & 0xffff_ffffL;
    return InnerMessage.of(CoapCode.CONTENT)
        .withEtag(version)
        .withContentFormat(InnerMessage.PKCS7_CERTIFICATES)
        .withBody(body);
  }
}
