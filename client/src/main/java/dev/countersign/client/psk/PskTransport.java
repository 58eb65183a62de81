// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.psk;

import dev.countersign.client.transport.Transport;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import org.bouncycastle.tls.crypto.TlsCrypto;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;
import org.jspecify.annotations.Nullable;

/**
 * HTTP/1.1 over TLS 1.3 with a pre-shared key, on connections that it keeps open. Safe for use by
 * many threads; each exchange under way has a connection of its own.
 *
 * <p><b>Security guarantees.</b> No byte of a request leaves before the server has shown that it
 * holds the same key (RFC 8446 §4.2.11). A server that would rather show a certificate is refused.
 */
public final class PskTransport implements Transport {
  /** Servers close idle connections after two minutes. */
  private static final Duration MAX_IDLE = Duration.ofSeconds(60);

  private static final int MAX_IDLE_CONNECTIONS = 4;

  private final URI server;
  private final PskCredential credential;
  private final TlsCrypto crypto = new BcTlsCrypto(new SecureRandom());
  private final Deque<PskConnection> idle = new ArrayDeque<>();
  private final Set<AutoCloseable> open = new HashSet<>();
  private boolean closed;

  private PskTransport(URI server, PskCredential credential) {
    this.server = server;
    this.credential = credential;
  }

  /**
   * Opens nothing yet: connections are made when there is something to send.
   *
   * @param server {@code https://host:port}
   * @param credential for the caller to close, after this
   */
  public static Transport open(URI server, PskCredential credential) {
    if (!"https".equals(server.getScheme()) || server.getHost() == null) {
      throw new IllegalArgumentException("expected https://host:port, got " + server);
    }
    return new PskTransport(server, credential);
  }

  @Override
  public Response exchange(Request request) throws IOException {
    PskConnection kept = takeIdle();
    if (kept != null) {
      try {
        return on(kept, request);
      } catch (IOException e) {
        // RFC 9112 §9.3.1: the server may have closed it at the same moment. What can do harm twice
        // is not said twice here.
        if (!kept.isUnanswered() || !isIdempotent(request.method()) || isClosed()) {
          throw e;
        }
      }
    }
    return on(connect(), request);
  }

  private static boolean isIdempotent(String method) {
    return method.equals("GET") || method.equals("PUT");
  }

  private Response on(PskConnection connection, Request request) throws IOException {
    boolean reusable = false;
    try {
      Response answer = connection.exchange(request);
      reusable = !"close".equalsIgnoreCase(answer.header("Connection").orElse(""));
      return answer;
    } finally {
      giveBack(connection, reusable);
    }
  }

  private synchronized @Nullable PskConnection takeIdle() throws IOException {
    requireOpen();
    for (PskConnection next = idle.pollLast(); next != null; next = idle.pollLast()) {
      if (!next.isStale(MAX_IDLE)) {
        return next;
      }
      open.remove(next);
      next.close();
    }
    return null;
  }

  private PskConnection connect() throws IOException {
    var opening = new Socket[1];
    PskConnection made;
    try {
      made =
          PskConnection.open(
              server,
              credential,
              crypto,
              socket -> {
                opening[0] = socket;
                add(socket);
              });
    } finally {
      remove(opening[0]);
    }
    try {
      add(made);
    } catch (IOException e) {
      made.close();
      throw e;
    }
    return made;
  }

  private synchronized void add(AutoCloseable resource) throws IOException {
    requireOpen();
    open.add(resource);
  }

  private synchronized void remove(@Nullable AutoCloseable resource) {
    open.remove(resource);
  }

  private synchronized void giveBack(PskConnection connection, boolean reusable) {
    if (reusable && !closed && idle.size() < MAX_IDLE_CONNECTIONS) {
      idle.addLast(connection);
    } else {
      open.remove(connection);
      connection.close();
    }
  }

  private void requireOpen() throws IOException {
    if (isClosed()) {
      throw new IOException("closed");
    }
  }

  private synchronized boolean isClosed() {
    return closed;
  }

  /** Exchanges that are under way end with an exception. */
  @Override
  public void close() {
    Set<AutoCloseable> last;
    synchronized (this) {
      closed = true;
      last = new HashSet<>(open);
      open.clear();
      idle.clear();
    }
    for (AutoCloseable resource : last) {
      try {
        resource.close();
      } catch (Exception e) {
        // it is gone either way
      }
    }
  }
}
