// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.tls.psk;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLException;

/** With {@code JAZZER_FUZZ=1} it looks for new inputs; otherwise it tries those it has. */
class PskEngineFuzzTest {
  @FuzzTest
  void takes_any_bytes(byte[] bytes) throws IOException {
    PskEngine engine = Wire.engine(new TestKeys().with("a", new TestKeys().key("A", 1)));
    ByteBuffer source = ByteBuffer.wrap(bytes);
    ByteBuffer target = ByteBuffer.allocate(PskSession.MAX_PLAINTEXT_BYTES);
    ByteBuffer out = ByteBuffer.allocate(1 << 17);
    try {
      for (int step = 0; step < 100; step++) {
        SSLEngineResult result = engine.unwrap(source, target.clear());
        for (Runnable task = engine.getDelegatedTask();
            task != null;
            task = engine.getDelegatedTask()) {
          task.run();
        }
        engine.wrap(ByteBuffer.allocate(0), out.clear());
        if (result.getStatus() != SSLEngineResult.Status.OK) {
          break;
        }
      }
    } catch (SSLException e) {
      // refused, as it should be
    }
    if (engine.provenKey().isPresent()) {
      throw new AssertionError("nobody can have known the key");
    }
  }
}
