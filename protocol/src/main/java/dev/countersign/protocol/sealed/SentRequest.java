// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.sealed;

import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.NotAuthenticException;
import java.util.Optional;

/** A request as its sender keeps it, to recognize the answer. */
public abstract sealed class SentRequest {
  private SentRequest() {}

  /** What to send; the same bytes as often as it takes. */
  public abstract SealedMessage message();

  /**
   * Opens the answer to this request, and to no other.
   *
   * @throws NotAuthenticException if it is not the server's answer to this request
   * @throws MalformedException if it is none at all
   */
  public abstract InnerMessage open(SealedMessage answer)
      throws NotAuthenticException, MalformedException;

  private static MalformedException otherKind() {
    return new MalformedException("answer", "expected the kind of token that was sent");
  }

  /** A request by OSCORE. */
  public static final class Oscore extends SentRequest {
    private final OscoreContext context;
    private final RequestBinding binding;
    private final OscoreMessage message;

    Oscore(OscoreContext context, RequestBinding binding, OscoreMessage message) {
      this.context = context;
      this.binding = binding;
      this.message = message;
    }

    @Override
    public OscoreMessage message() {
      return message;
    }

    @Override
    public InnerMessage open(SealedMessage answer)
        throws NotAuthenticException, MalformedException {
      OscoreMessage oscore = oscore(answer);
      // No seal covers it, and nobody would look at it: another form of the same answer.
      if (oscore.option().kidContext().isPresent()) {
        throw new MalformedException("OSCORE option", "expected no kid context in this answer");
      }
      return context.openAnswer(binding, oscore);
    }

    /**
     * Opens an answer that came under another context (RFC 8613 appendix B.2, step 2).
     *
     * @param other whose ID Context begins with what the answer announces
     */
    public InnerMessage openUnder(OscoreContext other, SealedMessage answer)
        throws NotAuthenticException, MalformedException {
      OscoreMessage oscore = oscore(answer);
      Optional<byte[]> kidContext = oscore.option().kidContext();
      if (!kidContext.isPresent() || !other.beginsWith(LostState.idContext(kidContext.get()))) {
        throw new MalformedException("OSCORE option", "expected what begins the ID Context");
      }
      return other.openAnswer(binding, oscore);
    }

    private static OscoreMessage oscore(SealedMessage answer) throws MalformedException {
      if (!(answer instanceof OscoreMessage oscore)) {
        throw otherKind();
      }
      return oscore;
    }
  }

  /** A request by COSE_Mac0. */
  public static final class Mac extends SentRequest {
    private final MacContext context;
    private final long sequence;
    private final MacMessage message;

    Mac(MacContext context, long sequence, MacMessage message) {
      this.context = context;
      this.sequence = sequence;
      this.message = message;
    }

    @Override
    public MacMessage message() {
      return message;
    }

    @Override
    public InnerMessage open(SealedMessage answer)
        throws NotAuthenticException, MalformedException {
      if (!(answer instanceof MacMessage mac)) {
        throw otherKind();
      }
      return context.openAnswer(sequence, message.tag(), mac);
    }
  }
}
