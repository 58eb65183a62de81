// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.sealed;

import dev.countersign.client.transport.Refusal;
import dev.countersign.client.transport.ServerRefusedException;
import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.ProtocolException;
import dev.countersign.protocol.sealed.Block;
import dev.countersign.protocol.sealed.CoapCode;
import dev.countersign.protocol.sealed.InnerMessage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;

/**
 * Asks and sends what may be larger than a carrier takes at once: block by block inside the seal
 * (RFC 7959), held together by Request-Tag and ETag (RFC 9175).
 */
final class Transfer {
  /** The server holds no more for one device. */
  static final int MAX_BYTES = 64 * 1024;

  /** What changes more often than this while it is fetched is fetched another time. */
  private static final int RESTARTS = 3;

  private static final int TAG_BYTES = 4;

  /** Around the body of an answer: token, tag, code, ETag, Content-Format, Block2, Echo. */
  private static final int ANSWER_OVERHEAD_BYTES = 64;

  private final SealedExchange exchange;
  private final Random random;

  Transfer(SealedExchange exchange, Random random) {
    this.exchange = exchange;
    this.random = random;
  }

  /** Asks, and puts the answer together. */
  InnerMessage fetch(InnerMessage question, boolean withEcho)
      throws IOException, ProtocolException {
    for (int i = 0; i < RESTARTS; i++) {
      InnerMessage first = exchange.ask(sized(question), withEcho);
      Optional<InnerMessage> whole = rest(question, first, withEcho);
      if (whole.isPresent()) {
        return whole.get();
      }
    }
    throw new MalformedException("ETag", "expected one answer, got another with each block");
  }

  /** Asks for blocks that the carrier can take, if the usual ones are too large for it. */
  private InnerMessage sized(InnerMessage question) {
    int bytes = exchange.maxTokenChars() * 3 / 4 - ANSWER_OVERHEAD_BYTES;
    if (bytes >= Block.MAX_SIZE_BYTES) {
      return question;
    }
    return question.withBlock2(
        new Block(0, false, Math.max(Block.MIN_SIZE_BYTES, Integer.highestOneBit(bytes))));
  }

  /** The blocks after the first; empty if the content changed between two of them. */
  private Optional<InnerMessage> rest(InnerMessage question, InnerMessage first, boolean withEcho)
      throws IOException, ProtocolException {
    Optional<Block> begin = first.block2();
    if (!begin.isPresent() || !begin.get().more()) {
      return Optional.of(first);
    }
    int size = begin.get().sizeBytes();
    var body = new ByteArrayOutputStream();
    append(body, first, begin.get());
    for (int number = 1; ; number++) {
      InnerMessage next =
          exchange.ask(question.withBlock2(new Block(number, false, size)), withEcho);
      if (next.code() != first.code()) {
        return Optional.of(next); // an error: what else could it be
      }
      if (!Arrays.equals(tag(next), tag(first))) {
        return Optional.empty();
      }
      Block block = next.block2().orElse(begin.get());
      if (block.number() != number || block.sizeBytes() != size) {
        throw new MalformedException("Block2", "expected block " + number);
      }
      append(body, next, block);
      if (!block.more()) {
        return Optional.of(first.withBody(body.toByteArray()));
      }
    }
  }

  private static byte[] tag(InnerMessage answer) {
    return answer.etag().orElseGet(() -> new byte[0]);
  }

  private static void append(ByteArrayOutputStream body, InnerMessage answer, Block block)
      throws MalformedException {
    byte[] part = answer.body();
    boolean fits = block.more() ? part.length == block.sizeBytes() : part.length > 0;
    if (!fits || block.offset() != body.size() || body.size() + part.length > MAX_BYTES) {
      throw new MalformedException("Block2", "expected whole blocks of at most 64 KiB in all");
    }
    body.write(part, 0, part.length);
  }

  /**
   * Sends a body, at once if the carrier takes it.
   *
   * @param blocks whether the level knows blocks
   * @throws ServerRefusedException as by a server for which it is too large, if it is for the
   *     carrier and cannot be sent in blocks
   */
  InnerMessage send(InnerMessage question, byte[] body, boolean blocks)
      throws IOException, ProtocolException {
    InnerMessage whole = sized(question.withBody(body));
    if (fits(whole)) {
      InnerMessage answer = exchange.ask(whole, true);
      return rest(question, answer, true).orElse(answer);
    }
    if (!blocks || body.length > MAX_BYTES) {
      throw Refusal.tooLarge(tooLarge(body.length));
    }
    InnerMessage answer = sendBlocks(question, body);
    for (int i = 1; i < RESTARTS && answer.code() == CoapCode.REQUEST_ENTITY_INCOMPLETE; i++) {
      answer = sendBlocks(question, body);
    }
    return rest(question, answer, true).orElse(answer);
  }

  private boolean fits(InnerMessage question) {
    return exchange.tokenChars(question) <= exchange.maxTokenChars();
  }

  private InnerMessage sendBlocks(InnerMessage question, byte[] body)
      throws IOException, ProtocolException {
    var tag = new byte[TAG_BYTES];
    random.nextBytes(tag);
    InnerMessage tagged = question.withRequestTag(tag);
    int size = blockBytes(tagged, body.length);
    int offset = 0;
    while (true) {
      int end = Math.min(offset + size, body.length);
      boolean more = end < body.length;
      InnerMessage part =
          tagged
              .withBlock1(new Block(offset / size, more, size))
              .withBody(Arrays.copyOfRange(body, offset, end));
      InnerMessage answer = exchange.ask(more ? part : sized(part), true);
      if (!more || answer.code() != CoapCode.CONTINUE) {
        return answer;
      }
      offset = end;
      // RFC 7959 §2.3: the receiver may want smaller ones from here on.
      size = Math.min(size, answer.block1().map(Block::sizeBytes).orElse(size));
    }
  }

  private int blockBytes(InnerMessage tagged, int length) throws ServerRefusedException {
    for (int size = Block.MAX_SIZE_BYTES; size >= Block.MIN_SIZE_BYTES; size /= 2) {
      // The longest number that any of its blocks has.
      var last = new Block(length / Block.MIN_SIZE_BYTES, true, size);
      if (fits(sized(tagged.withBlock1(last).withBody(new byte[size])))) {
        return size;
      }
    }
    throw Refusal.tooLarge(tooLarge(Block.MIN_SIZE_BYTES));
  }

  private String tooLarge(int bytes) {
    return bytes + " bytes do not fit into a token of " + exchange.maxTokenChars() + " characters";
  }
}
