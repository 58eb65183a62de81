// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.control;

import dev.countersign.client.http.HubJson;
import dev.countersign.client.hub.HubAddress;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.java_websocket.WebSocket;
import org.java_websocket.WebSocketAdapter;
import org.java_websocket.WebSocketImpl;
import org.java_websocket.drafts.Draft;
import org.java_websocket.drafts.Draft_6455;
import org.java_websocket.enums.Opcode;
import org.java_websocket.exceptions.InvalidDataException;
import org.java_websocket.exceptions.InvalidHandshakeException;
import org.java_websocket.exceptions.LimitExceededException;
import org.java_websocket.framing.CloseFrame;
import org.java_websocket.framing.Framedata;
import org.java_websocket.handshake.HandshakeImpl1Client;
import org.java_websocket.handshake.Handshakedata;
import org.java_websocket.protocols.Protocol;
import org.jspecify.annotations.Nullable;

/**
 * RFC 6455 from bytes to messages and back, by the library's state machine; nothing here opens or
 * reads a connection, and there is no thread. Messages are texts, with limits. For one thread.
 */
final class EventSocket {
  /** More than a state of 256 values of a kilobyte would take; a hub's has a few. */
  static final int MAX_MESSAGE_BYTES = 512 * 1024;

  /** Of one message; empty ones would cost memory and no bytes. */
  private static final int MAX_PIECES = 256;

  /** Of the answer to the upgrade. */
  static final int MAX_HANDSHAKE_BYTES = 16 * 1024;

  /** {@code HTTP/1.1 101}: where the status ends. */
  private static final int STATUS_BEGIN = 9;

  private static final int STATUS_END = 12;

  private final Deque<String> texts = new ArrayDeque<>();
  private final StringBuilder begin = new StringBuilder();
  private final WebSocketImpl engine;
  private int handshakeBytes;
  private boolean opened;
  private int closeCode;
  private String closeReason = "";

  private EventSocket() {
    engine = new WebSocketImpl(new Listener(), new LimitedDraft());
  }

  /** Asks for an upgrade; {@link #toSend} has the request. */
  static EventSocket begin(HubAddress address, String path) throws IOException {
    var socket = new EventSocket();
    var request = new HandshakeImpl1Client();
    request.setResourceDescriptor(path);
    request.put("Host", address.toString());
    try {
      socket.engine.startHandshake(request);
    } catch (InvalidHandshakeException e) {
      throw new IOException("the upgrade to a WebSocket could not be written", e);
    }
    return socket;
  }

  /** Takes what was read. */
  void received(ByteBuffer bytes) {
    if (!opened) {
      sniff(bytes);
      if (handshakeBytes > MAX_HANDSHAKE_BYTES) {
        close(CloseFrame.POLICY_VALIDATION, "a longer answer than an upgrade has");
        return;
      }
    }
    if (bytes.hasRemaining() && !isClosed()) {
      decode(bytes);
    }
    finish();
  }

  private void decode(ByteBuffer bytes) {
    try {
      engine.decode(bytes);
    } catch (RuntimeException e) {
      // The library's way with a close whose reason is no text (1.6.0): a NullPointerException.
      close(CloseFrame.PROTOCOL_ERROR, "a frame that is none");
    }
  }

  /** The library tells the status of a refusal in words only. */
  private void sniff(ByteBuffer bytes) {
    handshakeBytes += bytes.remaining();
    for (int at = bytes.position(); at < bytes.limit() && begin.length() < STATUS_END; at++) {
      begin.append((char) (bytes.get(at) & 0xff));
    }
  }

  /** There is nothing more to read. */
  void ended() {
    engine.eot();
    finish();
    close(CloseFrame.ABNORMAL_CLOSE, "the connection ended");
  }

  /** The engine leaves it to whoever writes to say that the last is written. */
  private void finish() {
    if (engine.isFlushAndClose() && engine.outQueue.isEmpty()) {
      engine.closeConnection();
    }
  }

  private void close(int code, String reason) {
    if (closeCode == 0) {
      closeCode = code;
      closeReason = reason;
    }
  }

  /** What is to be written next; empty for nothing. */
  Optional<byte[]> toSend() {
    ByteBuffer next = engine.outQueue.poll();
    if (next == null) {
      finish();
      return Optional.empty();
    }
    var bytes = new byte[next.remaining()];
    next.get(bytes);
    return Optional.of(bytes);
  }

  /** The next message; empty if more has to be read for it. */
  Optional<String> poll() {
    return Optional.ofNullable(texts.poll());
  }

  /** Whether the hub has agreed, and nobody has closed. */
  boolean isOpen() {
    return engine.isOpen();
  }

  /** Whether the hub has agreed at some time. */
  boolean wasOpen() {
    return opened;
  }

  boolean isClosed() {
    return closeCode != 0;
  }

  /** Of RFC 6455 §7.4, or the hub's own; 0 while it is open. */
  int closeCode() {
    return closeCode;
  }

  /** For people. */
  String closeReason() {
    return closeReason.isEmpty() ? "code " + closeCode : HubJson.shown(closeReason);
  }

  /** The status of what was answered to the upgrade; 0 if that was no HTTP. */
  int answeredStatus() {
    String line = begin.toString();
    return line.matches("HTTP/1\\.1 [1-5][0-9]{2}")
        ? Integer.parseInt(line.substring(STATUS_BEGIN, STATUS_END))
        : 0;
  }

  /** The library counts a message in pieces only when its last piece is there. */
  private static final class LimitedDraft extends Draft_6455 {
    private long pieces;
    private long pieceBytes;

    /** Neither extensions nor subprotocols: what is not offered cannot be abused. */
    LimitedDraft() {
      super(List.of(), List.of(new Protocol("")), MAX_MESSAGE_BYTES);
    }

    /** The library works on a copy of what it is given. */
    @Override
    public Draft copyInstance() {
      return new LimitedDraft();
    }

    @Override
    public void processFrame(WebSocketImpl socket, Framedata frame) throws InvalidDataException {
      boolean isPiece = !frame.isFin() || frame.getOpcode() == Opcode.CONTINUOUS;
      if (isPiece) {
        pieces++;
        pieceBytes += frame.getPayloadData().remaining();
        if (pieces > MAX_PIECES || pieceBytes > MAX_MESSAGE_BYTES) {
          throw new LimitExceededException(MAX_MESSAGE_BYTES);
        }
        if (frame.isFin()) {
          pieces = 0;
          pieceBytes = 0;
        }
      }
      super.processFrame(socket, frame);
    }
  }

  private final class Listener extends WebSocketAdapter {
    @Override
    public void onWebsocketOpen(WebSocket socket, Handshakedata handshake) {
      opened = true;
    }

    @Override
    public void onWebsocketMessage(WebSocket socket, String text) {
      texts.add(text);
    }

    @Override
    public void onWebsocketMessage(WebSocket socket, ByteBuffer bytes) {
      // A hub sends texts; what else it sends is for newer programs.
    }

    @Override
    public void onWebsocketClose(WebSocket socket, int code, String reason, boolean remote) {
      close(code, reason);
    }

    @Override
    public void onWebsocketClosing(WebSocket socket, int code, String reason, boolean remote) {
      close(code, reason);
    }

    @Override
    public void onWebsocketCloseInitiated(WebSocket socket, int code, String reason) {
      close(code, reason);
    }

    @Override
    public void onWebsocketError(WebSocket socket, Exception e) {
      close(CloseFrame.PROTOCOL_ERROR, String.valueOf(e.getMessage()));
    }

    @Override
    public void onWriteDemand(WebSocket socket) {
      // toSend is asked after each read
    }

    @Override
    @SuppressWarnings("NullAway") // the library's way to say that there is none
    public @Nullable InetSocketAddress getLocalSocketAddress(WebSocket socket) {
      return null;
    }

    @Override
    @SuppressWarnings("NullAway") // the library's way to say that there is none
    public @Nullable InetSocketAddress getRemoteSocketAddress(WebSocket socket) {
      return null;
    }
  }
}
