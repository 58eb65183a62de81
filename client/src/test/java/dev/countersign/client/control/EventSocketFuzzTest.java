// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.control;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.countersign.client.hub.HubAddress;
import dev.countersign.protocol.MalformedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;

@DisplayName("Whatever a hub sends, a phone's events end in order")
final class EventSocketFuzzTest {
  @FuzzTest
  void receives(byte[] bytes) throws IOException {
    EventSocket socket = EventSocket.begin(new HubAddress("localhost", 8443), "/v1/events");
    socket.received(ByteBuffer.wrap(bytes));
    socket.ended();
    while (socket.toSend().isPresent()) {
      // nothing that it wants to say may keep it from ending
    }
    for (Optional<String> next = socket.poll(); next.isPresent(); next = socket.poll()) {
      parse(next.get());
    }
  }

  @FuzzTest
  void parses(byte[] bytes) {
    parse(new String(bytes, java.nio.charset.StandardCharsets.UTF_8));
  }

  private static void parse(String text) {
    try {
      var _ = HubEvent.parse(text);
    } catch (MalformedException e) {
      // The only other answer.
    }
  }
}
