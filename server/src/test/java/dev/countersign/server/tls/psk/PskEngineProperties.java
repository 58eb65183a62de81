// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.tls.psk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.server.tls.psk.TestPskClient.Says;
import java.io.IOException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** However the network cuts what comes, the engine makes the same of it. */
class PskEngineProperties {
  private final TestKeys keys = new TestKeys();

  PskEngineProperties() {
    keys.with("thermometer", keys.key("T-1", 7));
  }

  @Property(tries = 60)
  void reads_fragments_of_any_size(
      @ForAll @IntRange(min = 1, max = 700) int most,
      @ForAll @Size(min = 1, max = 40_000) byte[] content,
      @ForAll boolean in13)
      throws IOException {
    Says says = in13 ? Says.in13("thermometer", 7) : Says.in12("thermometer", 7);
    Wire wire = new Wire(keys, says).run(most);
    assertThat(wire.engine.provenKey()).isPresent();
    wire.client.writeApplicationData(content, 0, content.length);
    wire.run(most);
    assertThat(wire.received.toByteArray()).isEqualTo(content);
  }

  @Property(tries = 200)
  void never_proves_anything_after_a_changed_byte(
      @ForAll @IntRange(max = 600) int at, @ForAll @IntRange(min = 1, max = 255) int change)
      throws IOException {
    Wire wire = new Wire(keys, Says.in13("thermometer", 7));
    var hello = new byte[wire.client.getAvailableOutputBytes()];
    wire.client.readOutput(hello, 0, hello.length);
    // The first five bytes are not part of the handshake: the record's version may say anything.
    int position = 5 + at % (hello.length - 5);
    hello[position] ^= (byte) change;
    wire.offer(hello);
    wire.feed();
    wire.drain();
    wire.run();
    assertThat(wire.engine.provenKey()).isEmpty();
  }
}
