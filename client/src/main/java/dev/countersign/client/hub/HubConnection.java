// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.hub;

import dev.countersign.client.http.HttpConversation;
import dev.countersign.client.transport.Refusal;
import dev.countersign.client.transport.Refusal.Problem;
import dev.countersign.client.transport.Transport.Request;
import dev.countersign.client.transport.Transport.Response;
import dev.countersign.protocol.ProtocolException;
import dev.countersign.protocol.pairing.PresentedHub;
import java.io.IOException;
import java.util.Arrays;

/**
 * A channel to a hub that was judged, with HTTP/1.1 on it. For one thread at a time; any thread may
 * close it.
 */
public final class HubConnection implements AutoCloseable {
  /** RFC 9266 §2. */
  private static final int CHANNEL_BINDING_BYTES = 32;

  /** More than any list of phones, successions or state that a hub may give. */
  private static final int MAX_BODY_BYTES = 256 * 1024;

  /** Of a pairing (docs/protocol.md, Pairing). */
  private static final int MAX_PAIRING_BODY_BYTES = 16 * 1024;

  private static final int OK = 200;
  private static final int FIRST_NOT_OK = 300;

  private final HubChannel channel;
  private final PresentedHub hub;
  private final HttpConversation conversation;

  private HubConnection(HubChannel channel, PresentedHub hub, HubCall call) {
    this.channel = channel;
    this.hub = hub;
    this.conversation =
        new HttpConversation(
            channel.in(),
            channel.out(),
            call.address().toString(),
            call.protocol() == HubProtocol.PAIRING ? MAX_PAIRING_BODY_BYTES : MAX_BODY_BYTES);
  }

  /**
   * Connects.
   *
   * @throws ProtocolException why the hub was refused: see {@link HubCall#judge}
   * @throws IOException if nothing answers, or nothing that speaks this protocol
   */
  public static HubConnection open(HubTransport transport, HubCall call)
      throws IOException, ProtocolException {
    HubChannel channel;
    try {
      channel = transport.open(call);
    } catch (IOException e) {
      if (call.refusal().isPresent()) {
        throw call.refusal().get();
      }
      throw e;
    }
    try {
      // RFC 7301 §3.2: a hub that does not take part has not agreed to what is sent next.
      String agreed = channel.protocol().orElse("none");
      if (!agreed.equals(call.protocol().alpn())) {
        throw new IOException(
            "expected the protocol " + call.protocol().alpn() + ", got " + agreed);
      }
      return new HubConnection(channel, call.accepted(channel), call);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /** Who answers. */
  public PresentedHub hub() {
    return hub;
  }

  /** The streams under the conversation, for what replaces HTTP (RFC 9110 §7.8). */
  public HubChannel channel() {
    return channel;
  }

  /** The value that only the two ends of this connection have (RFC 9266). */
  public byte[] channelBinding() throws NoChannelBindingException {
    byte[] binding = channel.channelBinding().orElseThrow(NoChannelBindingException::new);
    if (binding.length != CHANNEL_BINDING_BYTES || isAllZero(binding)) {
      throw new NoChannelBindingException();
    }
    return binding;
  }

  private static boolean isAllZero(byte[] bytes) {
    return Arrays.equals(bytes, new byte[bytes.length]);
  }

  /** Sends a request and waits for its answer, whatever it is. */
  public Response exchange(Request request) throws IOException {
    channel.expectWithin(request.timeout());
    return conversation.exchange(request);
  }

  /**
   * Sends a request and waits for an answer of the kind 2xx.
   *
   * @throws HubRefusedException with any other
   */
  public Response require(Request request) throws IOException, HubRefusedException {
    Response answer = exchange(request);
    if (answer.status() < OK || answer.status() >= FIRST_NOT_OK) {
      throw refusal(answer);
    }
    return answer;
  }

  /** What an answer other than the expected one says. */
  public static HubRefusedException refusal(Response answer) {
    Problem problem = Refusal.problemOf(answer);
    return new HubRefusedException(answer.status(), problem.kind(), problem.detail());
  }

  /** Whether a request failed before anything of an answer came. */
  public boolean isUnanswered() {
    return conversation.isUnanswered();
  }

  @Override
  public void close() {
    channel.close();
  }
}
