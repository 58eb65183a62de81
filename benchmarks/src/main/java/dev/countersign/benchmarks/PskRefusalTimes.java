// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.benchmarks;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import org.bouncycastle.tls.TlsClientProtocol;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;

/**
 * How long a server takes to refuse a ClientHello: for a wrong key, an unknown identity and a
 * revoked device.
 *
 * <p>Arguments: the server's port, tries of each class, and for each class its name, identity and
 * key in hexadecimal.
 */
final class PskRefusalTimes {
  private static final int ALERT_BYTES = 7;

  @SuppressWarnings("ArrayRecordComponent") // made, read, and never compared
  private record Refusal(int port, BcTlsCrypto crypto, String name, String identity, byte[] key)
      implements TimedKinds.Kind {
    @Override
    public double micros() throws IOException {
      var client = new TlsClientProtocol();
      client.connect(new PskPeer(crypto, identity, key));
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
  }

  private PskRefusalTimes() {}

  public static void main(String[] args) throws Exception {
    int port = Integer.parseInt(args[0]);
    var crypto = new BcTlsCrypto(new SecureRandom());
    List<Refusal> kinds =
        IntStream.iterate(2, at -> at + 2 < args.length, at -> at + 3)
            .mapToObj(at ->
                new Refusal(
                    port, crypto, args[at], args[at + 1], HexFormat.of().parseHex(args[at + 2])))
            .toList();
    TimedKinds.compare(kinds, Integer.parseInt(args[1]));
  }
}
