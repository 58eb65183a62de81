// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.pairing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.client.PhoneClient;
import dev.countersign.client.hub.BouncyCastleHubTransport;
import dev.countersign.client.hub.HubCall;
import dev.countersign.client.hub.HubChannel;
import dev.countersign.client.hub.HubTransport;
import dev.countersign.client.hub.NoChannelBindingException;
import dev.countersign.client.pairing.TestMaker.Identity;
import dev.countersign.protocol.pairing.HubVerifier;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("An app may bring its own transport, and no judgement of its own")
final class OwnTransportTest {
  private static final TestMaker MAKER = new TestMaker("maker");
  private static final HubTransport REAL = new BouncyCastleHubTransport();

  @TempDir private Path state;
  private FilePhoneStorage storage;

  @BeforeEach
  void opens() throws IOException {
    storage = new FilePhoneStorage(state.resolve("phone"));
  }

  @Test
  @DisplayName("a transport without the channel binding cannot pair, and says so")
  void refuses_without_channel_binding() throws Exception {
    refusesBinding(Optional.empty());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 31, 32, 33})
  @DisplayName("nor one with a binding that is none")
  void refuses_false_channel_binding(int bytes) throws Exception {
    refusesBinding(Optional.of(new byte[bytes]));
  }

  private void refusesBinding(Optional<byte[]> binding) throws Exception {
    HubTransport without = call -> new Wrapped(REAL.open(call), binding);
    try (FakeHub hub = FakeHub.start(MAKER.hub())) {
      PhoneClient phone = PhoneClient.of(storage, without);
      assertThatThrownBy(() -> phone.pair(hub.code(), "A", hub.address()))
          .isInstanceOf(NoChannelBindingException.class)
          .hasMessageContaining("RFC 9266");
      assertThatThrownBy(() -> phone.pair(hub.manualCode(), "A", hub.address()))
          .isInstanceOf(NoChannelBindingException.class);
      assertThat(hub.requests).isEmpty();
    }
  }

  @Test
  @DisplayName("a channel that nobody judged carries nothing")
  void refuses_unjudged_channel() throws Exception {
    Identity meant = MAKER.hub();
    try (FakeHub real = FakeHub.start(meant);
        FakeHub other = FakeHub.start(MAKER.hub())) {
      // Judges by rules of its own: whoever is there is fine.
      HubTransport careless =
          call ->
              REAL.open(HubCall.toMeet(other.address(), HubVerifier.ofPresentedRoot(), Map.of()));
      PhoneClient phone = PhoneClient.of(storage, careless);
      assertThatThrownBy(() -> phone.pair(real.code(), "A", other.address()))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("judged");
      assertThat(other.requests).isEmpty();
    }
  }

  @Test
  @DisplayName("nor one whose server is not the one that was judged")
  void refuses_swapped_channel() throws Exception {
    Identity meant = MAKER.hub();
    try (FakeHub real = FakeHub.start(meant);
        FakeHub other = FakeHub.start(MAKER.hub())) {
      HubTransport swapping =
          call -> {
            try {
              call.judge(meant.chain());
            } catch (Exception e) {
              throw new AssertionError(e);
            }
            return REAL.open(
                HubCall.toMeet(other.address(), HubVerifier.ofPresentedRoot(), Map.of()));
          };
      PhoneClient phone = PhoneClient.of(storage, swapping);
      assertThatThrownBy(() -> phone.pair(real.code(), "A", other.address()))
          .isInstanceOf(IllegalStateException.class);
      assertThat(other.requests).isEmpty();
    }
  }

  /** A channel whose platform gives no exporter, or a broken one. */
  private record Wrapped(HubChannel real, Optional<byte[]> channelBinding) implements HubChannel {
    @Override
    public InputStream in() {
      return real.in();
    }

    @Override
    public OutputStream out() {
      return real.out();
    }

    @Override
    public List<X509Certificate> presented() {
      return real.presented();
    }

    @Override
    public Optional<String> protocol() {
      return real.protocol();
    }

    @Override
    public void expectWithin(Duration time) throws IOException {
      real.expectWithin(time);
    }

    @Override
    public void close() {
      real.close();
    }
  }
}
