// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.sealed;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.client.transport.TimeFloor;
import dev.countersign.client.transport.Transport;
import dev.countersign.protocol.ProtocolException;
import dev.countersign.protocol.sealed.SealedMessage;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

@Label("What a relay hands back")
class HostileRelayPropertyTest {
  /** Hands back whatever it was told to, if anything. */
  private static final class Puppet implements Carrier {
    private final ModelServer server;
    private Optional<String> instead = Optional.empty();
    private Optional<Integer> flipped = Optional.empty();

    Puppet(ModelServer server) {
      this.server = server;
    }

    @Override
    public String exchange(String token) throws IOException {
      String answer = server.exchange(token);
      if (flipped.isPresent()) {
        char[] altered = answer.toCharArray();
        altered[flipped.get() % altered.length] ^= (char) (1 + flipped.get() % 7);
        return new String(altered);
      }
      return instead.orElse(answer);
    }

    @Override
    public int maxTokenChars() {
      return SealedMessage.MAX_TOKEN_CHARS;
    }

    @Override
    public void close() {}
  }

  private static SealedDevice device(Carrier carrier, ModelServer server) throws IOException {
    return SealedDevice.open(
        new SealedProfile(ModelServer.SERIAL, server.algorithm, SealedProfile.POLL_EVERY),
        new SealedDevice.Platform(new MemoryKeys(), new MemoryNumbers(), new TimeFloor()),
        carrier);
  }

  /** Refused in one of the two ways there are, and forgotten. */
  private static void checkAsked(Puppet relay, SealedDevice device, boolean mayPass)
      throws IOException, ProtocolException {
    try {
      device.settings();
      assertThat(mayPass).isTrue();
    } catch (IOException | ProtocolException e) {
      assertThat(e).isNotNull();
    }
    relay.instead = Optional.empty();
    relay.flipped = Optional.empty();
    assertThat(device.settings().version()).isEqualTo(7);
  }

  @Property(tries = 300)
  @Label("anything at all: refused, and the next right answer counts")
  void anything(@ForAll String text, @ForAll boolean isToken, @ForAll boolean begun)
      throws Exception {
    ModelServer server = ModelServer.oscore(new Random(1));
    server.resources.set(ModelServer.settings(7, 1));
    var relay = new Puppet(server);
    try (SealedDevice device = device(relay, server)) {
      if (begun) {
        device.settings();
      }
      relay.instead = Optional.of(isToken ? "o1." + text : text);
      checkAsked(relay, device, false);
    }
  }

  @Property(tries = 300)
  @Label("a character changed, at either level: refused, and the next right answer counts")
  void changed(
      @ForAll @IntRange(max = 10_000) int place, @ForAll boolean begun, @ForAll boolean mac)
      throws Exception {
    var random = new Random(1);
    ModelServer server =
        mac ? new ModelServer(Optional.empty(), random) : ModelServer.oscore(random);
    server.resources.set(ModelServer.settings(7, 1));
    var relay = new Puppet(server);
    try (SealedDevice device = device(relay, server)) {
      if (begun) {
        device.settings();
      }
      relay.flipped = Optional.of(place);
      checkAsked(relay, device, false);
    }
  }

  @Property(tries = 300)
  @Label("any HTTP answer is a token or a refusal")
  void http(@ForAll String body, @ForAll String option, @ForAll boolean oscore) {
    var response =
        new Transport.Response(
            200,
            Map.of("content-type", oscore ? "application/oscore" : "text/plain", "oscore", option),
            body.getBytes(ISO_8859_1));
    try {
      assertThat(HttpCarrier.token(response)).matches("(?s)[om]1\\..*");
    } catch (IOException e) {
      assertThat(e).isInstanceOf(RelayRefusedException.class);
    }
  }
}
