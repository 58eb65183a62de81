// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.JsonRecyclerPools;
import tools.jackson.databind.json.JsonMapper;

/** What a handler wants the peer to get. */
public sealed interface Answer {
  /** A whole answer. */
  @SuppressWarnings("ArrayRecordComponent") // made, written once, and gone
  record Complete(int status, Map<String, String> headers, byte[] body) implements Answer {
    /** The same answer with one more header. */
    public Complete with(String name, String value) {
      var more = new LinkedHashMap<>(headers);
      more.put(name, value);
      return new Complete(status, more, body);
    }
  }

  /**
   * An answer that depends on something still under way, such as a commit. Holds no thread. If it
   * fails, the failure is answered as if the handler had thrown it.
   */
  record Later(CompletionStage<? extends Answer> answer) implements Answer {}

  /** JSON lines, written as they come. */
  record Lines(LineSource source) implements Answer {}

  /** Writes lines one after the other; runs on the handler's thread and may block. */
  @FunctionalInterface
  interface LineSource {
    void writeTo(LineSink sink) throws Exception;
  }

  /** Takes objects to be written as one JSON line each; waits while the peer is slow. */
  @FunctionalInterface
  interface LineSink {
    void line(Object value) throws InterruptedException;
  }

  /** Its buffers are not used again: what an operator is told once would lie there for long. */
  JsonMapper JSON =
      new JsonMapper(
          JsonFactory.builder().recyclerPool(JsonRecyclerPools.nonRecyclingPool()).build());

  Complete NO_CONTENT = new Complete(204, Map.of(), new byte[0]);

  /** A value as a JSON document. */
  static Complete json(int status, Object value) {
    return bytes(status, "application/json", JSON.writeValueAsBytes(value));
  }

  static Complete bytes(int status, String contentType, byte[] body) {
    return new Complete(status, Map.of("Content-Type", contentType), body);
  }

  static Complete text(int status, String body) {
    return bytes(status, "text/plain; charset=utf-8", body.getBytes(UTF_8));
  }
}
