// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.hub;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.tls.TlsClientProtocol;
import org.bouncycastle.tls.TlsFatalAlertReceived;
import org.bouncycastle.tls.crypto.TlsCrypto;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;

/**
 * TLS 1.3 by Bouncy Castle over the platform's sockets: the same on Android 8 and on a JVM, with
 * the channel binding that their own TLS lacks there. Safe for use by many threads.
 */
public final class BouncyCastleHubTransport implements HubTransport {
  /** On a hotspot a hub answers at once, or is out of reach. */
  private static final Duration CONNECT = Duration.ofSeconds(10);

  /** A small hub needs seconds for the arithmetic alone. */
  private static final Duration HANDSHAKE = Duration.ofSeconds(30);

  private final TlsCrypto crypto;

  /** Ready at once; holds nothing open. */
  public BouncyCastleHubTransport() {
    this.crypto = new BcTlsCrypto(new SecureRandom());
  }

  @Override
  public HubChannel open(HubCall call) throws IOException {
    var socket = new Socket();
    try {
      socket.setTcpNoDelay(true);
      HubAddress address = call.address();
      socket.connect(
          new InetSocketAddress(address.host(), address.port()), (int) CONNECT.toMillis());
      var in = new DeadlineStream(socket);
      in.expectWithin(HANDSHAKE);
      var tls = new TlsClientProtocol(in, socket.getOutputStream());
      var client = new HubTlsClient(crypto, call);
      tls.connect(client);
      return new Channel(socket, in, tls, client);
    } catch (TlsFatalAlertReceived e) {
      socket.close();
      throw new IOException("the hub broke off the handshake: " + e.getMessage(), e);
    } catch (IOException | RuntimeException e) {
      socket.close();
      throw e;
    }
  }

  private static final class Channel implements HubChannel {
    private final Socket socket;
    private final DeadlineStream deadline;
    private final TlsClientProtocol tls;
    private final HubTlsClient client;

    Channel(Socket socket, DeadlineStream deadline, TlsClientProtocol tls, HubTlsClient client) {
      this.socket = socket;
      this.deadline = deadline;
      this.tls = tls;
      this.client = client;
    }

    @Override
    public InputStream in() {
      return tls.getInputStream();
    }

    @Override
    public OutputStream out() {
      return tls.getOutputStream();
    }

    @Override
    public List<X509Certificate> presented() {
      return client.presented();
    }

    @Override
    public Optional<String> protocol() {
      return client.protocol();
    }

    @Override
    public Optional<byte[]> channelBinding() {
      return client.channelBinding();
    }

    @Override
    public void expectWithin(Duration time) {
      deadline.expectWithin(time);
    }

    @Override
    public void close() {
      try {
        socket.close();
      } catch (IOException e) {
        // it is gone either way
      }
    }
  }

  /** Ends reading at an instant, however small the pieces are in which bytes trickle in. */
  private static final class DeadlineStream extends FilterInputStream {
    private final Socket socket;
    private volatile long deadlineNanos;

    DeadlineStream(Socket socket) throws IOException {
      super(socket.getInputStream());
      this.socket = socket;
    }

    void expectWithin(Duration time) {
      deadlineNanos = System.nanoTime() + time.toNanos();
    }

    private void arm() throws IOException {
      long millis = (deadlineNanos - System.nanoTime()) / 1_000_000;
      if (millis <= 0) {
        throw new SocketTimeoutException("the hub did not answer in time");
      }
      socket.setSoTimeout((int) Math.min(millis, Integer.MAX_VALUE));
    }

    @Override
    public int read() throws IOException {
      arm();
      return super.read();
    }

    @Override
    public int read(byte[] target, int offset, int count) throws IOException {
      arm();
      return super.read(target, offset, count);
    }
  }
}
