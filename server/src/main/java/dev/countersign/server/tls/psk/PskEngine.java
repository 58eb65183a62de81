// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.tls.psk;

import dev.countersign.server.tls.BlockingTasks;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSession;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.ContentType;
import org.bouncycastle.tls.RecordFormat;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.TlsFatalAlertReceived;
import org.jspecify.annotations.Nullable;

/**
 * The server's side of one connection. Messages of a handshake are worked on in delegated tasks,
 * which may wait for a look-up. As with any engine one thread calls it at a time, but for {@link
 * #closeOutbound} and {@link #closeInbound}, which may come while a task runs.
 */
final class PskEngine extends FixedSslEngine implements BlockingTasks {
  private final PskServer server;
  private final PskProtocol protocol;

  // What a task and who closes may both look at.
  private @Nullable Runnable task;
  private boolean isTaskRunning;
  private boolean isCloseDue;

  private @Nullable SSLException failure;
  private boolean begun;
  private boolean finishedTold;
  private boolean outboundClosed;

  PskEngine(PskServer server) throws IOException {
    this.server = server;
    this.protocol = new PskProtocol(server);
  }

  @Override
  public void beginHandshake() throws SSLException {
    if (begun && isEstablished()) {
      throw new SSLException("renegotiation is not spoken here");
    }
    begun = true;
  }

  private boolean isEstablished() {
    return server.session().isPresent();
  }

  @Override
  public SSLEngineResult unwrap(ByteBuffer source, ByteBuffer[] targets, int offset, int length)
      throws SSLException {
    begun = true;
    if (isBusy()) {
      return new SSLEngineResult(Status.OK, HandshakeStatus.NEED_TASK, 0, 0);
    }
    throwFailure();
    if (isInboundDone()) {
      return result(Status.CLOSED, 0, 0);
    }
    if (!isEstablished() && protocol.getAvailableOutputBytes() > 0) {
      return new SSLEngineResult(Status.OK, HandshakeStatus.NEED_WRAP, 0, 0);
    }
    if (source.remaining() < RecordFormat.FRAGMENT_OFFSET) {
      return result(Status.BUFFER_UNDERFLOW, 0, 0);
    }
    var header = new byte[RecordFormat.FRAGMENT_OFFSET];
    source.get(source.position(), header);
    int recordBytes = recordBytes(header);
    if (source.remaining() < recordBytes) {
      return result(Status.BUFFER_UNDERFLOW, 0, 0);
    }
    if (isEstablished() && Buffers.remaining(targets, offset, length) < contentBytes(recordBytes)) {
      return result(Status.BUFFER_OVERFLOW, 0, 0);
    }
    var record = new byte[recordBytes];
    source.get(record);
    if (!isEstablished() && header[0] == ContentType.handshake) {
      offerTask(record);
      return new SSLEngineResult(Status.OK, HandshakeStatus.NEED_TASK, recordBytes, 0);
    }
    take(record);
    throwFailure();
    return result(
        isInboundDone() ? Status.CLOSED : Status.OK,
        recordBytes,
        Buffers.read(protocol, targets, offset, length));
  }

  /** No record is larger inside than what its protection leaves of it. */
  private static int contentBytes(int recordBytes) {
    return Math.min(recordBytes, PskSession.MAX_PLAINTEXT_BYTES);
  }

  private int recordBytes(byte[] header) throws SSLException {
    try {
      return protocol.previewInputRecord(header).getRecordSize();
    } catch (IOException e) {
      fail(e);
      throwFailure();
      throw new AssertionError("a failure was noted", e);
    }
  }

  /** Lets the protocol work on a record; what comes of it is in the protocol, or a failure. */
  private void take(byte[] record) {
    try {
      protocol.offerInput(record);
    } catch (IOException e) {
      fail(e);
    } catch (RuntimeException e) {
      fail(new TlsFatalAlert(AlertDescription.internal_error, e));
    }
  }

  private void fail(IOException cause) {
    server.erase();
    if (cause instanceof TlsFatalAlertReceived) {
      var received = new SSLHandshakeException("the peer sent alert " + cause.getMessage());
      received.initCause(cause);
      failure = received;
    } else {
      failure = isEstablished() ? new SSLException(cause) : server.explain(cause);
    }
  }

  private void throwFailure() throws SSLException {
    SSLException thrown = failure;
    if (thrown != null) {
      failure = null;
      throw thrown;
    }
  }

  private synchronized void offerTask(byte[] record) {
    isTaskRunning = true;
    task =
        () -> {
          take(record);
          taskDone();
        };
  }

  private synchronized void taskDone() {
    isTaskRunning = false;
    if (isCloseDue) {
      closeNow();
    }
  }

  private synchronized boolean isBusy() {
    return isTaskRunning;
  }

  @Override
  @SuppressWarnings("NullAway") // null: there is none, or somebody has it
  public synchronized Runnable getDelegatedTask() {
    Runnable next = task;
    task = null;
    return next;
  }

  @Override
  public SSLEngineResult wrap(ByteBuffer[] sources, int offset, int length, ByteBuffer target)
      throws SSLException {
    begun = true;
    if (isBusy()) {
      return new SSLEngineResult(Status.OK, HandshakeStatus.NEED_TASK, 0, 0);
    }
    if (protocol.getAvailableOutputBytes() > 0) {
      return flush(target);
    }
    if (outboundClosed || protocol.isClosed()) {
      return result(Status.CLOSED, 0, 0);
    }
    if (!isEstablished()) {
      return new SSLEngineResult(Status.OK, HandshakeStatus.NEED_UNWRAP, 0, 0);
    }
    int bytes =
        Math.min(Buffers.remaining(sources, offset, length), protocol.getApplicationDataLimit());
    if (bytes == 0) {
      return result(Status.OK, 0, 0);
    }
    try {
      if (target.remaining() < protocol.previewOutputRecord(bytes).getRecordSize()) {
        return result(Status.BUFFER_OVERFLOW, 0, 0);
      }
      protocol.writeApplicationData(Buffers.take(sources, offset, length, bytes), 0, bytes);
    } catch (IOException e) {
      throw new SSLException(e);
    }
    return result(Status.OK, bytes, protocol.readOutput(target, target.remaining()));
  }

  /** As many whole records as there is room for. */
  private SSLEngineResult flush(ByteBuffer target) {
    int produced = 0;
    for (int next = protocol.previewOutputRecord();
        next > 0 && next <= target.remaining();
        next = protocol.previewOutputRecord()) {
      produced += protocol.readOutput(target, next);
    }
    if (produced == 0) {
      return result(Status.BUFFER_OVERFLOW, 0, 0);
    }
    boolean isOver =
        protocol.getAvailableOutputBytes() == 0 && (outboundClosed || protocol.isClosed());
    return result(isOver ? Status.CLOSED : Status.OK, 0, produced);
  }

  private SSLEngineResult result(Status status, int consumed, int produced) {
    HandshakeStatus next = getHandshakeStatus();
    if (isEstablished() && !finishedTold && protocol.getAvailableOutputBytes() == 0) {
      finishedTold = true;
      next = HandshakeStatus.FINISHED;
    }
    return new SSLEngineResult(status, next, consumed, produced);
  }

  @Override
  public HandshakeStatus getHandshakeStatus() {
    if (isBusy()) {
      return HandshakeStatus.NEED_TASK;
    } else if (failure != null) {
      return HandshakeStatus.NEED_UNWRAP; // which throws it; then the alert is to be sent
    } else if (protocol.getAvailableOutputBytes() > 0) {
      return HandshakeStatus.NEED_WRAP;
    } else if (!begun || protocol.isClosed() || outboundClosed) {
      return HandshakeStatus.NOT_HANDSHAKING;
    } else if (isEstablished()) {
      return finishedTold ? HandshakeStatus.NOT_HANDSHAKING : HandshakeStatus.NEED_WRAP;
    }
    return HandshakeStatus.NEED_UNWRAP;
  }

  @Override
  public synchronized void closeOutbound() {
    if (isTaskRunning) {
      isCloseDue = true;
    } else {
      closeNow();
    }
  }

  private void closeNow() {
    if (!outboundClosed) {
      outboundClosed = true;
      server.erase();
      try {
        protocol.sayGoodbye();
      } catch (IOException e) {
        // There is nobody left to be told, and nothing left to be lost.
      }
    }
  }

  @Override
  public void closeInbound() throws SSLException {
    boolean whole = isBusy() || protocol.isPeerClosed();
    closeOutbound();
    if (!whole && begun) {
      throw new SSLException("closing inbound before receiving peer's close_notify");
    }
  }

  @Override
  public boolean isInboundDone() {
    return protocol.isPeerClosed();
  }

  @Override
  public boolean isOutboundDone() {
    return !isBusy()
        && (outboundClosed || protocol.isClosed())
        && protocol.getAvailableOutputBytes() == 0;
  }

  /** What the handshake came to; {@link PskSession#NONE} until it is over. */
  @Override
  public SSLSession getSession() {
    return server.session().orElse(PskSession.NONE);
  }

  @Override
  @SuppressWarnings("NullAway") // null: none under way that could be looked at
  public SSLSession getHandshakeSession() {
    return null;
  }

  /** For tests: what the peer proved. */
  Optional<ProvenKey> provenKey() {
    return server.session().flatMap(PskSession::provenKey);
  }
}
