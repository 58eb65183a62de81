// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.benchmarks;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import org.bouncycastle.tls.TlsClientProtocol;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;

/**
 * How long a server takes to refuse a ClientHello: for a wrong key, an unknown identity and a
 * revoked device, in random order. The test between each two is that of Welch on the middle 90 % of
 * the times; a difference that could be used shows as |t| well above 3.
 *
 * <p>Arguments: the server's port, tries of each class, and for each class its name, identity and
 * key in hexadecimal.
 */
final class PskRefusalTimes {
  private static final int ALERT_BYTES = 7;
  private static final double CUT = 0.05;

  private record Kind(String name, String identity, byte[] key) {}

  private PskRefusalTimes() {}

  public static void main(String[] args) throws IOException {
    int port = Integer.parseInt(args[0]);
    int tries = Integer.parseInt(args[1]);
    List<Kind> kinds =
        IntStream.iterate(2, at -> at + 2 < args.length, at -> at + 3)
            .mapToObj(at -> new Kind(args[at], args[at + 1], HexFormat.of().parseHex(args[at + 2])))
            .toList();
    measure(port, kinds, tries / 2);
    double[][] micros = measure(port, kinds, tries);
    for (int i = 0; i < kinds.size(); i++) {
      System.out.printf(
          "%-18s median %.1f µs, mean of the middle %.1f µs, %d tries%n",
          kinds.get(i).name(), micros[i][tries / 2], mean(middle(micros[i])), tries);
    }
    for (int i = 0; i < kinds.size(); i++) {
      for (int j = i + 1; j < kinds.size(); j++) {
        System.out.printf(
            "%s against %s: t = %.2f%n",
            kinds.get(i).name(), kinds.get(j).name(), welch(middle(micros[i]), middle(micros[j])));
      }
    }
  }

  /** Sorted times of each kind, in microseconds. */
  private static double[][] measure(int port, List<Kind> kinds, int tries) throws IOException {
    var order = new int[kinds.size() * tries];
    for (int i = 0; i < order.length; i++) {
      order[i] = i % kinds.size();
    }
    shuffle(order);
    var micros = new double[kinds.size()][tries];
    var done = new int[kinds.size()];
    var crypto = new BcTlsCrypto(new SecureRandom());
    for (int kind : order) {
      micros[kind][done[kind]++] = refusal(port, kinds.get(kind), crypto);
    }
    Arrays.stream(micros).forEach(Arrays::sort);
    return micros;
  }

  private static void shuffle(int[] order) {
    var random = new SecureRandom();
    for (int i = order.length - 1; i > 0; i--) {
      int other = random.nextInt(i + 1);
      int kept = order[i];
      order[i] = order[other];
      order[other] = kept;
    }
  }

  private static double refusal(int port, Kind kind, BcTlsCrypto crypto) throws IOException {
    var client = new TlsClientProtocol();
    client.connect(new PskPeer(crypto, kind.identity(), kind.key()));
    var hello = new byte[client.getAvailableOutputBytes()];
    client.readOutput(hello, 0, hello.length);
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setTcpNoDelay(true);
      long begin = System.nanoTime();
      socket.getOutputStream().write(hello);
      int read = socket.getInputStream().readNBytes(ALERT_BYTES).length;
      double micros = (System.nanoTime() - begin) / 1e3;
      if (read != ALERT_BYTES) {
        throw new IOException("expected an alert, got " + read + " bytes");
      }
      return micros;
    }
  }

  private static double[] middle(double[] sorted) {
    int cut = (int) (sorted.length * CUT);
    return Arrays.copyOfRange(sorted, cut, sorted.length - cut);
  }

  private static double mean(double[] values) {
    return Arrays.stream(values).average().orElse(0);
  }

  private static double variance(double[] values) {
    double mean = mean(values);
    return Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum() / (values.length - 1);
  }

  private static double welch(double[] a, double[] b) {
    return (mean(a) - mean(b)) / Math.sqrt(variance(a) / a.length + variance(b) / b.length);
  }
}
