// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.integration.hub;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A phone that listens (RFC 6455, as much of it as a hub uses). */
public final class TestEvents implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();
  private static final int TEXT = 1;
  private static final int CLOSE = 8;
  private static final int PING = 9;
  private static final int PONG = 10;

  private final TestPhone.Line line;
  private final DataInputStream in;
  private final BlockingQueue<JsonNode> received = new LinkedBlockingQueue<>();
  private volatile int closeCode;

  private TestEvents(TestPhone.Line line, DataInputStream in) {
    this.line = line;
    this.in = in;
    Thread.startVirtualThread(this::read);
  }

  /** Begins to listen, as a phone on the list. */
  public static TestEvents open(TestPhone phone, int port) throws IOException {
    TestPhone.Line line = phone.connect(port);
    line.socket().setSoTimeout(0);
    line.socket().getOutputStream().write(TestPhone.UPGRADE.getBytes(ISO_8859_1));
    var in = new DataInputStream(line.socket().getInputStream());
    var head = new StringBuilder();
    while (!head.toString().endsWith("\r\n\r\n")) {
      head.append((char) in.readUnsignedByte());
    }
    if (!head.toString().startsWith("HTTP/1.1 101 ")) {
      line.close();
      throw new IOException(head.substring(0, head.indexOf("\r\n")));
    }
    return new TestEvents(line, in);
  }

  private void read() {
    try {
      while (closeCode == 0) {
        int type = in.readUnsignedByte() & 0x0f;
        int length = in.readUnsignedByte() & 0x7f;
        byte[] payload = in.readNBytes(length == 126 ? in.readUnsignedShort() : length);
        switch (type) {
          case TEXT -> received.add(JSON.readTree(new String(payload, UTF_8)));
          case CLOSE -> closeCode = ((payload[0] & 0xff) << 8) | (payload[1] & 0xff);
          case PING -> send(PONG);
          default -> throw new IOException("frame of type " + type);
        }
      }
    } catch (EOFException | java.net.SocketException e) {
      closeCode = 1006; // RFC 6455 §7.4.1: without a word
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private synchronized void send(int type) throws IOException {
    line.socket()
        .getOutputStream()
        .write(new byte[] {(byte) (0x80 | type), (byte) 0x80, 1, 2, 3, 4});
    line.socket().getOutputStream().flush();
  }

  /** The next event like this; those before it are dropped. */
  public JsonNode await(Predicate<JsonNode> like) throws InterruptedException {
    while (true) {
      @Nullable JsonNode next = received.poll(20, TimeUnit.SECONDS);
      if (next == null) {
        throw new AssertionError("no such event came");
      }
      if (like.test(next)) {
        return next;
      }
    }
  }

  /** The next event of this type with this change. */
  public JsonNode await(String type, String change) throws InterruptedException {
    return await(event ->
        event.path("type").asString("").equals(type)
            && event.path("change").asString("").equals(change));
  }

  /** The code it was closed with; 0 while it is open. */
  public int closeCode() {
    return closeCode;
  }

  @Override
  public void close() throws IOException {
    line.close();
  }
}
