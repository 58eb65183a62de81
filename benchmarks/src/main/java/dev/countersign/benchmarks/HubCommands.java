// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.countersign.protocol.pairing.PairingCode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Sixteen phones of one hub that listen for its events, and give it commands: how long an answer
 * takes.
 *
 * <p>Arguments: the hub's port, the code on its screen, commands counted of each kind.
 */
final class HubCommands {
  private static final int PHONES = 16;
  private static final Pattern CODE = Pattern.compile("\"code\":\"(CS1:[A-Z2-7]+)\"");

  private final List<HubPhone> phones = new ArrayList<>();
  private final List<HubPhone.Line> lines = new ArrayList<>();
  private final AtomicLong eventBytes = new AtomicLong();

  private HubCommands() {}

  public static void main(String[] args) throws Exception {
    var commands = new HubCommands();
    commands.pair(Integer.parseInt(args[0]), PairingCode.parse(args[1]));
    int count = Integer.parseInt(args[2]);
    commands.oneAfterTheOther(count);
    print("one after the other, open connections", commands.oneAfterTheOther(count));
    print("sixteen at once, open connections", commands.allAtOnce(count));
    print("one after the other, each on a new connection", commands.onNewConnections(count / 10));
    System.out.printf("event bytes received: %d%n", commands.eventBytes.get());
    System.exit(0);
  }

  private void pair(int port, PairingCode first) throws Exception {
    phones.add(HubPhone.pair(port, "phone 0", first));
    lines.add(phones.getFirst().connect());
    while (phones.size() < PHONES) {
      byte[] invitation =
          lines
              .getFirst()
              .exchange("POST /v1/invitations", "application/json", "{}".getBytes(UTF_8), 201);
      Matcher code = CODE.matcher(new String(invitation, UTF_8));
      if (!code.find()) {
        throw new IOException("no code in an invitation");
      }
      phones.add(HubPhone.pair(port, "phone " + phones.size(), PairingCode.parse(code.group(1))));
      lines.add(phones.getLast().connect());
    }
    for (HubPhone phone : phones) {
      InputStream events = phone.connect().listen();
      Thread.ofPlatform().daemon().start(() -> drain(events));
    }
  }

  private void drain(InputStream events) {
    var buffer = new byte[8192];
    try {
      for (int read = events.read(buffer); read >= 0; read = events.read(buffer)) {
        eventBytes.addAndGet(read);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Locks and unlocks in turn, so that each command changes the state and makes an event. */
  private static long command(HubPhone.Line line, boolean lock) throws IOException {
    byte[] body = ("{\"lock\":\"" + (lock ? "locked" : "unlocked") + "\"}").getBytes(UTF_8);
    long begun = System.nanoTime();
    line.exchange("POST /v1/commands", "application/json", body, 200);
    return System.nanoTime() - begun;
  }

  private long[] oneAfterTheOther(int count) throws IOException {
    var nanos = new long[count];
    for (int index = 0; index < count; index++) {
      nanos[index] = command(lines.get(index % PHONES), index % 2 == 0);
    }
    return nanos;
  }

  private long[] allAtOnce(int count) throws Exception {
    var all = new ArrayList<Future<long[]>>();
    try (var threads = Executors.newFixedThreadPool(PHONES)) {
      for (HubPhone.Line line : lines) {
        Callable<long[]> work =
            () -> {
              var nanos = new long[count / PHONES];
              for (int index = 0; index < nanos.length; index++) {
                nanos[index] = command(line, index % 2 == 0);
              }
              return nanos;
            };
        all.add(threads.submit(work));
      }
    }
    var joined = new long[count / PHONES * PHONES];
    for (int index = 0; index < PHONES; index++) {
      System.arraycopy(all.get(index).get(), 0, joined, index * (count / PHONES), count / PHONES);
    }
    return joined;
  }

  private long[] onNewConnections(int count) throws IOException {
    var nanos = new long[count];
    for (int index = 0; index < count; index++) {
      long begun = System.nanoTime();
      try (HubPhone.Line line = phones.get(index % PHONES).connect()) {
        command(line, index % 2 == 0);
        nanos[index] = System.nanoTime() - begun;
      }
    }
    return nanos;
  }

  private static void print(String what, long[] nanos) {
    Arrays.sort(nanos);
    System.out.printf(
        "%s: median %.2f ms, p99 %.2f ms, slowest %.1f ms of %d%n",
        what,
        nanos[nanos.length / 2] / 1e6,
        nanos[nanos.length * 99 / 100] / 1e6,
        nanos[nanos.length - 1] / 1e6,
        nanos.length);
  }
}
