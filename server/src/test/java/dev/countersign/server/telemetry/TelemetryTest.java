// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.protocol.DeviceSerial;
import dev.countersign.protocol.Scalar;
import dev.countersign.protocol.telemetry.Reading;
import dev.countersign.server.TestHouse;
import dev.countersign.server.credentials.AuthenticatedDevice;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Telemetry: readings with their provenance, given out page by page")
final class TelemetryTest {
  private static final DeviceSerial SERIAL = new DeviceSerial("SN-1");

  private final TestHouse house = new TestHouse();
  private final Telemetry telemetry =
      new Telemetry(house.readings, house.database, house.devices, () -> {}, house.clock);

  TelemetryTest() throws Exception {}

  private AuthenticatedDevice device() throws Exception {
    return house.authenticator.byCertificate(
        house.judge.judge(List.of(house.enrol("SN-1", house.newKey()))));
  }

  private static Reading reading(double value) {
    return new Reading("n", new Scalar.Numeric(value), null);
  }

  @Test
  @DisplayName("a record says who sent it, how it was authenticated, by which way, and when")
  void provenance() throws Exception {
    AuthenticatedDevice device = device();

    telemetry.record(device, List.of(reading(1)), "device-https", Optional.empty()).join();

    Provenance provenance = telemetry.latest(SERIAL, 10).orElseThrow().getFirst().provenance();
    assertThat(provenance.keyId()).isEqualTo(device.keyId());
    assertThat(provenance.level()).isEqualTo(4);
    assertThat(provenance.listener()).isEqualTo("device-https");
    assertThat(provenance.arrivedAt()).isEqualTo(house.clock.instant());
  }

  @Test
  @DisplayName("paging gives every reading once, also when thousands share a millisecond")
  void paging() throws Exception {
    AuthenticatedDevice device = device();
    Instant from = house.clock.instant();
    for (int i = 0; i < 5_000; i++) {
      if (i == 500 || i == 3_700) {
        house.clock.advance(Duration.ofMillis(1));
      }
      telemetry.record(device, List.of(reading(i)), "device-https", Optional.empty()).join();
    }

    var found = new ArrayList<Double>();
    telemetry.forEachSince(
        SERIAL, from, r -> found.add(((Scalar.Numeric) r.reading().value()).value()));

    assertThat(found).hasSize(5_000).isSorted().doesNotHaveDuplicates();
  }
}
