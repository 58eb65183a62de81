// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.integration.hub;

import dev.countersign.hub.Hub;
import dev.countersign.hub.HubOptions;
import dev.countersign.hub.HubPanel;
import dev.countersign.hub.identity.HubIdentity;
import dev.countersign.protocol.pairing.PairingCode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;

/** A hub in this process, on a port of its own. */
public final class TestHub implements AutoCloseable {
  private final Path state;
  private final TestDoor door;
  private final Hub hub;

  private TestHub(Path state, TestDoor door, Hub hub) {
    this.state = state;
    this.door = door;
    this.hub = hub;
  }

  /** A new hub of this maker. */
  public static TestHub start(Path state, TestMaker maker) throws Exception {
    return start(state, maker.identity());
  }

  /** A hub with this identity. */
  public static TestHub start(Path state, HubIdentity identity) throws IOException {
    TestMaker.provision(state, identity);
    return restart(state, 0);
  }

  /** Starts what is in this directory, as after a power cut. */
  public static TestHub restart(Path state, int port) throws IOException {
    var door = new TestDoor();
    var where = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    return new TestHub(state, door, Hub.open(HubOptions.of(state, port).on(where), door));
  }

  public Hub hub() {
    return hub;
  }

  public HubPanel panel() {
    return hub.panel();
  }

  public TestDoor door() {
    return door;
  }

  public HubIdentity identity() {
    return hub.identity();
  }

  public Path state() {
    return state;
  }

  public int port() {
    return hub.port();
  }

  /** The code that its screen shows; a window must be open. */
  public PairingCode shown() {
    return panel().screen().orElseThrow().code();
  }

  /** Presses the button, and reads the screen. */
  public PairingCode press() throws IOException {
    panel().pressButton();
    return shown();
  }

  @Override
  public void close() throws IOException {
    hub.close();
  }
}
