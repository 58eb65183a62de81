// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.tls.psk;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import org.bouncycastle.tls.TlsClientProtocol;
import org.jspecify.annotations.Nullable;

/** A client and an engine with nothing in between, driven as an HTTP server drives an engine. */
final class Wire {
  final PskEngine engine;
  final TestPskClient peer;
  final TlsClientProtocol client = new TlsClientProtocol();
  final ByteArrayOutputStream received = new ByteArrayOutputStream();
  final List<HandshakeStatus> statuses = new ArrayList<>();

  /** What the engine sent, all of it. */
  final ByteArrayOutputStream sent = new ByteArrayOutputStream();

  @Nullable SSLException failure;
  private final ByteBuffer toEngine = ByteBuffer.allocate(1 << 20).flip();

  Wire(PreSharedKeys keys, TestPskClient.Says says) throws IOException {
    this(keys, new TestPskClient(says));
  }

  Wire(PreSharedKeys keys, TestPskClient peer) throws IOException {
    this.peer = peer;
    this.engine = engine(keys);
    client.connect(peer);
  }

  static PskEngine engine(PreSharedKeys keys) throws IOException {
    return new PskEngine(new PskServer(new PlatformCrypto(new SecureRandom()), keys));
  }

  /** Carries bytes until neither has any for the other. */
  Wire run() throws IOException {
    return run(Integer.MAX_VALUE);
  }

  /**
   * Carries bytes until neither has any for the other.
   *
   * @param most so many bytes at once to the engine
   */
  Wire run(int most) throws IOException {
    boolean moved = true;
    while (moved) {
      moved = fromClient(most);
      moved |= feed();
      moved |= drain();
    }
    return this;
  }

  private boolean fromClient(int most) {
    var bytes = new byte[Math.min(client.getAvailableOutputBytes(), most)];
    client.readOutput(bytes, 0, bytes.length);
    offer(bytes);
    return bytes.length > 0;
  }

  /** Puts bytes on the wire to the engine. */
  void offer(byte[] bytes) {
    toEngine.compact();
    toEngine.put(bytes);
    toEngine.flip();
  }

  /** Lets the engine read what is there. */
  boolean feed() {
    boolean moved = false;
    try {
      for (SSLEngineResult result = unwrap(); ; result = unwrap()) {
        moved |= result.bytesConsumed() > 0;
        for (Runnable task = engine.getDelegatedTask();
            task != null;
            task = engine.getDelegatedTask()) {
          task.run();
        }
        boolean goesOn =
            result.getStatus() == Status.OK
                && result.getHandshakeStatus() != HandshakeStatus.NEED_WRAP
                && (result.bytesConsumed() > 0 || engine.getHandshakeStatus().equals(needUnwrap()));
        if (!goesOn) {
          return moved;
        }
      }
    } catch (SSLException e) {
      failure = e;
      return true;
    }
  }

  private static HandshakeStatus needUnwrap() {
    return HandshakeStatus.NEED_UNWRAP;
  }

  SSLEngineResult unwrap() throws SSLException {
    ByteBuffer target = ByteBuffer.allocate(PskSession.MAX_PLAINTEXT_BYTES);
    SSLEngineResult result = engine.unwrap(toEngine, target);
    statuses.add(result.getHandshakeStatus());
    received.write(target.array(), 0, target.position());
    return result;
  }

  /** Takes what the engine has for the client, and lets the client read it. */
  boolean drain() throws IOException {
    boolean moved = false;
    while (true) {
      ByteBuffer target = ByteBuffer.allocate(PskSession.MAX_RECORD_BYTES);
      SSLEngineResult result = engine.wrap(ByteBuffer.allocate(0), target);
      statuses.add(result.getHandshakeStatus());
      if (result.bytesProduced() == 0) {
        return moved;
      }
      moved = true;
      sent.write(target.array(), 0, target.position());
      toClient(target);
    }
  }

  private void toClient(ByteBuffer written) {
    if (!client.isClosed()) {
      var bytes = new byte[written.flip().remaining()];
      written.get(bytes);
      try {
        client.offerInput(bytes);
      } catch (IOException e) {
        // its own alert is in its output, and the one it got in the peer
      }
    }
  }

  /** The engine's application writes. */
  void write(byte[] bytes) throws IOException {
    ByteBuffer source = ByteBuffer.wrap(bytes);
    while (source.hasRemaining()) {
      ByteBuffer target = ByteBuffer.allocate(PskSession.MAX_RECORD_BYTES);
      SSLEngineResult result = engine.wrap(source, target);
      if (result.getStatus() != Status.OK) {
        throw new SSLException("wrap: " + result);
      }
      toClient(target);
    }
  }

  byte[] readAtClient() {
    var bytes = new byte[client.getAvailableInputBytes()];
    client.readInput(bytes, 0, bytes.length);
    return bytes;
  }
}
