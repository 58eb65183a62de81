// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.integration.interop;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Passes one TCP connection on, and counts its bytes and how often the device waits. */
final class CountingProxy implements AutoCloseable {
  private static final int BUFFER_BYTES = 65_536;

  private final ServerSocket listener;
  private final AtomicLong up = new AtomicLong();
  private final AtomicLong down = new AtomicLong();
  private final AtomicInteger waits = new AtomicInteger();
  private final AtomicBoolean deviceSpoke = new AtomicBoolean();
  private final CountDownLatch ends = new CountDownLatch(2);

  CountingProxy(int serverPort) throws IOException {
    listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(() -> pass(serverPort));
  }

  int port() {
    return listener.getLocalPort();
  }

  private void pass(int serverPort) {
    try (Socket device = listener.accept();
        Socket server = new Socket(InetAddress.getLoopbackAddress(), serverPort)) {
      device.setTcpNoDelay(true);
      server.setTcpNoDelay(true);
      Thread.ofVirtual().start(() -> copy(device, server, true));
      copy(server, device, false);
      ends.await();
    } catch (IOException e) {
      // It ends, and so does the connection of the device.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void copy(Socket from, Socket to, boolean ofDevice) {
    var buffer = new byte[BUFFER_BYTES];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        count(ofDevice, read);
        out.write(buffer, 0, read);
      }
      to.shutdownOutput();
    } catch (IOException e) {
      // One side is gone; the other is told.
    } finally {
      ends.countDown();
    }
  }

  private void count(boolean ofDevice, int bytes) {
    (ofDevice ? up : down).addAndGet(bytes);
    if (ofDevice) {
      deviceSpoke.set(true);
    } else if (deviceSpoke.getAndSet(false)) {
      waits.incrementAndGet();
    }
  }

  /** Bytes from the device. */
  long up() {
    return up.get();
  }

  /** Bytes to the device. */
  long down() {
    return down.get();
  }

  /** How often the device waited for the server, its TCP connection included. */
  int roundTrips() {
    return 1 + waits.get();
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
