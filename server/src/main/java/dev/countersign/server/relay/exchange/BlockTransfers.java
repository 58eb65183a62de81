// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.relay.exchange;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.sealed.Block;
import dev.countersign.protocol.sealed.CoapCode;
import dev.countersign.protocol.sealed.InnerMessage;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Bodies that take more than one message (RFC 7959, RFC 9175 §3): one on its way in and one on its
 * way out for each device, at most 64 KiB and 60 s each, all of them bounded together. Blocks of
 * two bodies never mix: what goes out is held as it was when it began, and what comes in bears the
 * tag of its first block. Safe for many threads.
 */
final class BlockTransfers {
  static final int MAX_BODY_BYTES = 65_536;

  private static final Duration LIFE = Duration.ofSeconds(60);
  private static final long MAX_BYTES_IN_ALL = 64 << 20;
  private static final int OVERHEAD_BYTES = 200;

  /** A body as far as it has come. */
  @SuppressWarnings("ArrayRecordComponent") // kept, never compared
  private record Upload(String path, byte[] tag, byte[] soFar) {}

  /** An answer that is being fetched. */
  private record Download(String path, InnerMessage answer) {}

  private final Cache<Long, Upload> uploads;
  private final Cache<Long, Download> downloads;

  BlockTransfers(Ticker nanoTime) {
    this.uploads =
        Caffeine.newBuilder()
            .maximumWeight(MAX_BYTES_IN_ALL)
            .weigher((Long _, Upload upload) -> upload.soFar().length + OVERHEAD_BYTES)
            .expireAfterWrite(LIFE)
            .ticker(nanoTime)
            .build();
    this.downloads =
        Caffeine.newBuilder()
            .maximumWeight(MAX_BYTES_IN_ALL)
            .weigher((Long _, Download it) -> it.answer().body().length + OVERHEAD_BYTES)
            .expireAfterWrite(LIFE)
            .ticker(nanoTime)
            .build();
  }

  /** What a block of a body comes to. */
  sealed interface Received {
    /** That was the last one. */
    @SuppressWarnings("ArrayRecordComponent") // handed on at once
    record Whole(byte[] body) implements Received {}

    /** More are expected, or it cannot go on; this is the answer. */
    record Partial(InnerMessage answer) implements Received {}
  }

  /** Takes one block. */
  Received receive(long deviceId, InnerMessage message, Block block) throws MalformedException {
    byte[] content = message.body();
    byte[] tag = message.requestTag().orElse(new byte[0]);
    String path = message.path() + "?" + message.query();
    Upload before = uploads.getIfPresent(deviceId);
    byte[] soFar = new byte[0];
    if (block.number() > 0) {
      if (before == null
          || !before.path().equals(path)
          || !Arrays.equals(before.tag(), tag)
          || before.soFar().length != block.offset()) {
        return partial(CoapCode.REQUEST_ENTITY_INCOMPLETE);
      }
      soFar = before.soFar();
    }
    // RFC 7959 §2.2: all but the last are full.
    if (block.more() ? content.length != block.sizeBytes() : content.length > block.sizeBytes()) {
      throw new MalformedException("Block1", "expected a body of the size it names");
    }
    if (soFar.length + content.length > MAX_BODY_BYTES) {
      uploads.invalidate(deviceId);
      return partial(CoapCode.REQUEST_ENTITY_TOO_LARGE);
    }
    byte[] joined = Arrays.copyOf(soFar, soFar.length + content.length);
    System.arraycopy(content, 0, joined, soFar.length, content.length);
    if (block.more()) {
      uploads.put(deviceId, new Upload(path, tag, joined));
      return new Received.Partial(InnerMessage.of(CoapCode.CONTINUE).withBlock1(block));
    }
    uploads.invalidate(deviceId);
    return new Received.Whole(joined);
  }

  private static Received.Partial partial(int code) {
    return new Received.Partial(InnerMessage.of(code));
  }

  /** The answer that a device is fetching from this path. */
  Optional<InnerMessage> fetching(long deviceId, String path) {
    @Nullable Download download = downloads.getIfPresent(deviceId);
    return download != null && download.path().equals(path)
        ? Optional.of(download.answer())
        : Optional.empty();
  }

  /**
   * The part of an answer that the device asked for: all of it if it is short.
   *
   * @param block what it asked for; empty for the beginning
   */
  InnerMessage part(long deviceId, String path, InnerMessage answer, Optional<Block> block) {
    int size = block.map(Block::sizeBytes).orElse(Block.MAX_SIZE_BYTES);
    int number = block.map(Block::number).orElse(0);
    byte[] body = answer.body();
    if (number == 0 && body.length <= size) {
      return answer;
    }
    long from = (long) number * size;
    if (from >= body.length) {
      return InnerMessage.of(CoapCode.BAD_REQUEST);
    }
    int end = (int) Math.min(body.length, from + size);
    boolean more = end < body.length;
    if (number == 0) {
      downloads.put(deviceId, new Download(path, answer));
    }
    return answer
        .withBlock2(new Block(number, more, size))
        .withBody(Arrays.copyOfRange(body, (int) from, end));
  }
}
