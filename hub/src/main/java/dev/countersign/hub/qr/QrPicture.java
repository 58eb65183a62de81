// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.hub.qr;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.zxing.WriterException;
import com.google.zxing.qrcode.decoder.ErrorCorrectionLevel;
import com.google.zxing.qrcode.encoder.ByteMatrix;
import com.google.zxing.qrcode.encoder.Encoder;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A QR code that can be drawn, with error correction M and the quiet zone of ISO/IEC 18004 §6.3.8.
 * Text of capital letters, digits and {@code :} is written in alphanumeric mode. Immutable.
 *
 * <p><b>Security guarantees.</b> {@link #toString} shows nothing of the text; the pictures show all
 * of it.
 */
public final class QrPicture {
  /** ISO/IEC 18004 §6.3.8: four modules of light on each side. */
  private static final int QUIET_MODULES = 4;

  /** More would be a picture of thousands of modules that no phone reads from a screen. */
  private static final int MAX_TEXT_BYTES = 1000;

  private static final int MAX_PIXELS_PER_MODULE = 64;

  /**
   * Black on white from the fixed part of the 256 colours: themes change what "black" is, and a
   * terminal may be light or dark.
   */
  private static final String INK_ON_PAPER = "\033[38;5;16;48;5;231m";

  private static final String PLAIN_AGAIN = "\033[0m";

  private final ByteMatrix modules;

  private QrPicture(ByteMatrix modules) {
    this.modules = modules;
  }

  /**
   * The code of this text.
   *
   * @param text 1 to 1000 bytes in UTF-8
   */
  public static QrPicture of(String text) {
    int bytes = text.getBytes(UTF_8).length;
    if (bytes == 0 || bytes > MAX_TEXT_BYTES) {
      throw new IllegalArgumentException(
          "QR code: expected 1 to " + MAX_TEXT_BYTES + " bytes, got " + bytes);
    }
    try {
      return new QrPicture(Encoder.encode(text, ErrorCorrectionLevel.M).getMatrix());
    } catch (WriterException e) {
      // Its message may hold what was to be written.
      throw new AssertionError("1000 bytes fit into a QR code");
    }
  }

  /** Modules on each side, the quiet zone with them. */
  public int side() {
    return modules.getWidth() + 2 * QUIET_MODULES;
  }

  /** Whether the module is dark; everything around the code is light. */
  boolean isDark(int x, int y) {
    int column = x - QUIET_MODULES;
    int row = y - QUIET_MODULES;
    return column >= 0
        && row >= 0
        && column < modules.getWidth()
        && row < modules.getHeight()
        && modules.get(column, row) == 1;
  }

  /** Lines for a terminal that knows colours; two modules to a character. */
  public List<String> colouredLines() {
    return lines(" ", "▀", "▄", "█").stream()
        .map(line -> INK_ON_PAPER + line + PLAIN_AGAIN)
        .toList();
  }

  /** Lines without colours: right where the background is dark, the negative where it is light. */
  public List<String> plainLines() {
    return lines("█", "▄", "▀", " ");
  }

  private List<String> lines(String none, String upper, String lower, String both) {
    return IntStream.iterate(0, y -> y < side(), y -> y + 2)
        .mapToObj(y -> {
          var line = new StringBuilder();
          for (int x = 0; x < side(); x++) {
            boolean below = isDark(x, y + 1);
            line.append(isDark(x, y) ? below ? both : upper : below ? lower : none);
          }
          return line.toString();
        })
        .toList();
  }

  /**
   * A PNG in black and white.
   *
   * @param pixelsPerModule 1 to 64; 8 gives 360 pixels for the code of a hub
   */
  public byte[] png(int pixelsPerModule) {
    if (pixelsPerModule < 1 || pixelsPerModule > MAX_PIXELS_PER_MODULE) {
      throw new IllegalArgumentException(
          "pixels for a module: expected 1 to " + MAX_PIXELS_PER_MODULE);
    }
    return new BilevelPng(
            side() * pixelsPerModule, (x, y) -> isDark(x / pixelsPerModule, y / pixelsPerModule))
        .bytes();
  }

  /**
   * An SVG element that can stand alone or in an HTML page: no style, no script, no identifier.
   *
   * @param label what a screen reader says of it
   */
  public String svg(String label) {
    var path = new StringBuilder();
    for (int y = 0; y < side(); y++) {
      for (int x = 0; x < side(); x++) {
        int from = x;
        while (isDark(x, y)) {
          x++;
        }
        if (x > from) {
          path.append('M').append(from).append(' ').append(y);
          path.append('h').append(x - from).append("v1h-").append(x - from).append('z');
        }
      }
    }
    return """
    <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %1$d %1$d" role="img" \
    aria-label="%2$s" shape-rendering="crispEdges">\
    <rect width="%1$d" height="%1$d" fill="#fff"/><path fill="#000" d="%3$s"/></svg>
    """
        .formatted(side(), escaped(label), path);
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
  }

  @Override
  public String toString() {
    return "QrPicture[" + side() + " modules, content hidden]";
  }
}
