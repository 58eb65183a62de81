// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.sealed;

import java.util.Optional;

/**
 * A request whose seal was verified: the holder of the device's key made it. Only {@link
 * OscoreContext} and {@link MacContext} make it.
 *
 * <p><b>Security guarantees.</b> Authentic, not fresh: whether its sequence number was used before
 * is for the caller to judge, before anything comes of it.
 */
public abstract sealed class OpenedRequest {
  private final long sequence;
  private final InnerMessage message;

  private OpenedRequest(long sequence, InnerMessage message) {
    this.sequence = sequence;
    this.message = message;
  }

  /** The device's number of this request, from 0. */
  public final long sequence() {
    return sequence;
  }

  /** What the device asks for. */
  public final InnerMessage message() {
    return message;
  }

  /**
   * Seals the answer to this request. Of all answers that are sealed, one may leave the house: two
   * different ones under one request would give the key stream away.
   */
  public abstract SealedMessage answer(InnerMessage answer);

  /** The ID Context it came under. */
  public abstract Optional<byte[]> idContext();

  /** A request by OSCORE. */
  public static final class Oscore extends OpenedRequest {
    private final OscoreContext context;
    private final RequestBinding binding;

    Oscore(OscoreContext context, RequestBinding binding, long sequence, InnerMessage message) {
      super(sequence, message);
      this.context = context;
      this.binding = binding;
    }

    @Override
    public OscoreMessage answer(InnerMessage answer) {
      return context.sealAnswer(binding, answer, OscoreOption.EMPTY);
    }

    /**
     * Seals the answer under another context, which it names (RFC 8613 appendix B.2, step 2).
     *
     * @param announced what the server adds to the ID Context
     */
    public OscoreMessage answerUnder(OscoreContext other, byte[] announced, InnerMessage answer) {
      return other.sealAnswer(
          binding, answer, OscoreOption.ofAnswer(LostState.kidContext(announced)));
    }

    @Override
    public Optional<byte[]> idContext() {
      return context.idContext();
    }
  }

  /** A request by COSE_Mac0. */
  public static final class Mac extends OpenedRequest {
    private final MacContext context;
    private final byte[] tag;

    Mac(MacContext context, byte[] tag, long sequence, InnerMessage message) {
      super(sequence, message);
      this.context = context;
      this.tag = tag;
    }

    @Override
    public MacMessage answer(InnerMessage answer) {
      return context.sealAnswer(sequence(), tag, answer);
    }

    @Override
    public Optional<byte[]> idContext() {
      return Optional.empty();
    }
  }
}
