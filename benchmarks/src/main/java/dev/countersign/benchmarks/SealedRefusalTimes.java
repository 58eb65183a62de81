// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.benchmarks;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.countersign.protocol.DeviceSerial;
import dev.countersign.protocol.keys.DeviceKey;
import dev.countersign.protocol.sealed.CoapCode;
import dev.countersign.protocol.sealed.InnerMessage;
import dev.countersign.protocol.sealed.MacContext;
import dev.countersign.protocol.sealed.OscoreContext;
import dev.countersign.protocol.sealed.SealedMessage;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.SecureRandom;
import java.util.List;
import java.util.function.LongFunction;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/**
 * How long a server takes to refuse a sealed message on an open connection, from the last byte sent
 * to the last byte read: of a key id that nobody has, with a tag that fails, of a revoked device,
 * and at a level below the one the device has come to.
 *
 * <p>Arguments: the server's port, tries of each class; serial and secret of an active device whose
 * level is that of sealed messages, and of a revoked one.
 */
final class SealedRefusalTimes {
  private static final String REFUSAL = "HTTP/1.1 401 ";
  private static final int MAX_ANSWER_BYTES = 1024;

  private record Wire(InputStream in, OutputStream out) {
    double micros(byte[] request) throws IOException {
      long begin = System.nanoTime();
      out.write(request);
      out.flush();
      var answer = new byte[MAX_ANSWER_BYTES];
      int got = in.read(answer);
      double micros = (System.nanoTime() - begin) / 1e3;
      String text = new String(answer, 0, Math.max(0, got), US_ASCII);
      if (!text.startsWith(REFUSAL) || !text.endsWith("\r\n\r\ne1.1")) {
        throw new IOException("expected a refusal at once, got " + text);
      }
      return micros;
    }
  }

  private record Refusal(Wire wire, String name, LongFunction<SealedMessage> message)
      implements TimedKinds.Kind {
    @Override
    public double micros() throws IOException {
      String token = message.apply(System.nanoTime() >>> 10).token();
      return wire.micros(
          ("GET /r?o=" + token + " HTTP/1.1\r\nHost: localhost\r\n\r\n").getBytes(US_ASCII));
    }
  }

  private SealedRefusalTimes() {}

  public static void main(String[] args) throws Exception {
    var tls = SSLContext.getInstance("TLSv1.3");
    tls.init(null, new TrustManager[] {new PinningTrustManager()}, new SecureRandom());
    try (var socket = tls.getSocketFactory().createSocket("127.0.0.1", Integer.parseInt(args[0]))) {
      socket.setTcpNoDelay(true);
      var wire = new Wire(socket.getInputStream(), socket.getOutputStream());
      TimedKinds.compare(
          List.of(
              new Refusal(wire, "unknown-key-id", oscore("NOBODY-HERE", args[3])),
              new Refusal(wire, "bad-tag", oscore(args[2], args[5])),
              new Refusal(wire, "revoked-device", oscore(args[4], args[5])),
              new Refusal(wire, "level-too-low", mac(args[2], args[3]))),
          Integer.parseInt(args[1]));
    }
  }

  private static InnerMessage pull() {
    return InnerMessage.request(CoapCode.GET, "s");
  }

  private static LongFunction<SealedMessage> oscore(String serial, String secret) {
    OscoreContext context = SealedConversation.context(serial, secret);
    return number -> context.seal(number, pull(), false).message();
  }

  private static LongFunction<SealedMessage> mac(String serial, String secret) {
    try (DeviceKey key = DeviceKey.ofSecret(secret.getBytes(US_ASCII))) {
      MacContext context = MacContext.of(key, new DeviceSerial(serial), 1);
      return number -> context.seal(number, pull()).message();
    }
  }
}
