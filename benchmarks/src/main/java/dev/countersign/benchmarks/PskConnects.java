// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.benchmarks;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.bouncycastle.tls.TlsClientProtocol;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;

/**
 * Connects by TLS 1.3 with a pre-shared key, says one thing, reads the answer and leaves, again and
 * again; prints what that costs the server in CPU time.
 *
 * <p>Arguments: {@code http} or {@code mqtt}, the server's port, its process id, identity, key in
 * hexadecimal, connects before counting, connects counted.
 */
final class PskConnects {
  private static final int THREADS = 4;
  private static final byte[] HTTP =
      "GET /v1/settings HTTP/1.1\r\nHost: localhost\r\nIf-None-Match: \"0\"\r\n\r\n"
          .getBytes(US_ASCII);

  /** MQTT 3.1.1 §3.1: clean session, keep alive 60 s, client id "b". */
  private static final byte[] MQTT = HexFormat.of().parseHex("100d00044d5154540402003c000162");

  private final boolean http;
  private final int port;
  private final String identity;
  private final byte[] key;
  private final BcTlsCrypto crypto = new BcTlsCrypto(new SecureRandom());

  private PskConnects(String[] args) {
    this.http = args[0].equals("http");
    this.port = Integer.parseInt(args[1]);
    this.identity = args[3];
    this.key = HexFormat.of().parseHex(args[4]);
  }

  public static void main(String[] args) throws Exception {
    var connects = new PskConnects(args);
    long pid = Long.parseLong(args[2]);
    connects.run(Integer.parseInt(args[5]));
    int counted = Integer.parseInt(args[6]);
    Duration before = cpu(pid);
    long begin = System.nanoTime();
    connects.run(counted);
    double seconds = (System.nanoTime() - begin) / 1e9;
    double micros = cpu(pid).minus(before).toNanos() / 1e3 / counted;
    System.out.printf(
        "cpu_us_per_op=%.1f operations=%d per_second=%.0f%n", micros, counted, counted / seconds);
  }

  private static Duration cpu(long pid) {
    return ProcessHandle.of(pid)
        .flatMap(process -> process.info().totalCpuDuration())
        .orElseThrow(() -> new IllegalStateException("the server is gone"));
  }

  private void run(int count) throws InterruptedException, ExecutionException {
    try (var threads = Executors.newFixedThreadPool(THREADS)) {
      var work = new ArrayList<Future<?>>();
      for (int i = 0; i < THREADS; i++) {
        work.add(
            threads.submit(() -> {
              for (int n = 0; n < count / THREADS; n++) {
                connect();
              }
              return null;
            }));
      }
      for (Future<?> each : work) {
        each.get();
      }
    }
  }

  private void connect() throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setTcpNoDelay(true);
      var tls = new TlsClientProtocol(socket.getInputStream(), socket.getOutputStream());
      tls.connect(new PskPeer(crypto, identity, key));
      tls.getOutputStream().write(http ? HTTP : MQTT);
      var answer = new byte[512];
      int read = tls.getInputStream().read(answer);
      boolean good =
          http
              ? read > 12 && new String(answer, 9, 3, US_ASCII).equals("304")
              : read >= 4 && answer[0] == 0x20 && answer[3] == 0;
      if (!good) {
        throw new IOException("expected 304 or an accepted CONNECT, got " + read + " bytes");
      }
      tls.close();
    }
  }
}
