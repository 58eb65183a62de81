// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.integration.attacks;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Stands between a phone and a hub, passes on what it sees, keeps a copy, and may add to it. */
final class Wiretap implements AutoCloseable {
  private static final int BUFFER_BYTES = 16 * 1024;

  private final ServerSocket listener;
  private final int target;
  private final List<Tapped> connections = new CopyOnWriteArrayList<>();

  /** One connection through here. */
  static final class Tapped {
    private final Socket phone;
    private final Socket hub;
    private final ByteArrayOutputStream fromPhone = new ByteArrayOutputStream();
    private final ByteArrayOutputStream fromHub = new ByteArrayOutputStream();

    private Tapped(Socket phone, Socket hub) {
      this.phone = phone;
      this.hub = hub;
    }

    /** Everything the phone has sent. */
    byte[] fromPhone() {
      synchronized (fromPhone) {
        return fromPhone.toByteArray();
      }
    }

    /** Everything the hub has sent. */
    byte[] fromHub() {
      synchronized (fromHub) {
        return fromHub.toByteArray();
      }
    }

    /** Sends something to the hub that did not come from the phone. */
    void insertTowardsHub(byte[] bytes) throws IOException {
      hub.getOutputStream().write(bytes);
    }

    private void pass(Socket from, Socket to, ByteArrayOutputStream copy) {
      var buffer = new byte[BUFFER_BYTES];
      try (from;
          to) {
        for (int read = from.getInputStream().read(buffer);
            read >= 0;
            read = from.getInputStream().read(buffer)) {
          synchronized (copy) {
            copy.write(buffer, 0, read);
          }
          to.getOutputStream().write(buffer, 0, read);
          to.getOutputStream().flush();
        }
      } catch (IOException e) {
        // one side has gone; so does the other
      }
    }
  }

  private Wiretap(ServerSocket listener, int target) {
    this.listener = listener;
    this.target = target;
  }

  /** Stands before this port of this machine. */
  static Wiretap before(int target) throws IOException {
    var tap = new Wiretap(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), target);
    Thread.ofVirtual().start(tap::listen);
    return tap;
  }

  private void listen() {
    try {
      while (true) {
        Socket phone = listener.accept();
        var tapped = new Tapped(phone, new Socket(InetAddress.getLoopbackAddress(), target));
        connections.add(tapped);
        Thread.ofVirtual().start(() -> tapped.pass(tapped.phone, tapped.hub, tapped.fromPhone));
        Thread.ofVirtual().start(() -> tapped.pass(tapped.hub, tapped.phone, tapped.fromHub));
      }
    } catch (IOException e) {
      // closed
    }
  }

  int port() {
    return listener.getLocalPort();
  }

  /** The connection that came last. */
  Tapped last() {
    return connections.getLast();
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (Tapped each : connections) {
      each.phone.close();
      each.hub.close();
    }
  }
}
