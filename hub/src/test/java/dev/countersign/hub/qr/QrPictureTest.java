// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.hub.qr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.zxing.BinaryBitmap;
import com.google.zxing.LuminanceSource;
import com.google.zxing.RGBLuminanceSource;
import com.google.zxing.Result;
import com.google.zxing.ResultMetadataType;
import com.google.zxing.common.HybridBinarizer;
import com.google.zxing.qrcode.QRCodeReader;
import dev.countersign.protocol.SecretAccess;
import dev.countersign.protocol.Sha256;
import dev.countersign.protocol.pairing.HubId;
import dev.countersign.protocol.pairing.PairingCode;
import dev.countersign.protocol.pairing.PairingSecret;
import dev.countersign.protocol.pairing.Role;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.security.SecureRandom;
import java.util.List;
import java.util.function.BiPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Picture of a QR code")
class QrPictureTest {
  private static final int DARK = 0xff000000;
  private static final int LIGHT = 0xffffffff;

  private final String code =
      new PairingCode(
              PairingCode.Place.SCREEN,
              false,
              Role.OWNER,
              HubId.wrap(new byte[] {1, 2, 3, 4, 5, 6, 7, 8}),
              PairingSecret.random(new SecureRandom()),
              Sha256.of(new byte[] {1}))
          .text(SecretAccess.insecure());

  private final QrPicture picture = QrPicture.of(code);

  @Test
  @DisplayName("the code of a hub is version 5 (37 modules) with a quiet zone of four modules")
  void has_the_size_of_version_5() {
    assertThat(picture.side()).isEqualTo(37 + 8);
  }

  @Test
  @DisplayName("its PNG, as a foreign decoder of PNG reads it, gives the text back")
  void png_reads_back() throws Exception {
    BufferedImage image = ImageIO.read(new ByteArrayInputStream(picture.png(4)));
    assertThat(image.getWidth()).isEqualTo(45 * 4);
    assertThat(image.getHeight()).isEqualTo(45 * 4);
    Result result = read(image.getWidth(), (x, y) -> image.getRGB(x, y) == DARK);
    assertThat(result.getText()).isEqualTo(code);
    assertThat(result.getResultMetadata())
        .containsEntry(ResultMetadataType.ERROR_CORRECTION_LEVEL, "M");
  }

  @Test
  @DisplayName("each size of pixels reads back, also those that do not fill a byte")
  void every_size_reads_back() throws Exception {
    for (int pixels : List.of(1, 3, 7, 8, 13, 64)) {
      BufferedImage image = ImageIO.read(new ByteArrayInputStream(picture.png(pixels)));
      assertThat(read(image.getWidth(), (x, y) -> image.getRGB(x, y) == DARK).getText())
          .as("%d pixels", pixels)
          .isEqualTo(code);
    }
  }

  @Test
  @DisplayName("its lines for a terminal are dark ink on light paper, whatever the theme")
  void terminal_reads_back() throws Exception {
    List<String> lines = picture.colouredLines();
    assertThat(lines)
        .hasSize(23)
        .allMatch(line -> line.startsWith("\033[38;5;16;48;5;231m") && line.endsWith("\033[0m"));
    List<String> cells =
        lines.stream().map(line -> line.replaceAll("\033\\[[0-9;]*m", "")).toList();
    assertThat(read(45, (x, y) -> halfBlock(cells, x, y)).getText()).isEqualTo(code);
  }

  @Test
  @DisplayName("its lines without colours are the same on a dark background")
  void plain_lines_read_back() throws Exception {
    List<String> lines = picture.plainLines();
    assertThat(lines).hasSize(23).allMatch(line -> line.length() == 45);
    assertThat(read(45, (x, y) -> !halfBlock(lines, x, y)).getText()).isEqualTo(code);
  }

  private static boolean halfBlock(List<String> lines, int x, int y) {
    char cell = lines.get(y / 2).charAt(x);
    return switch (cell) {
      case '█' -> true;
      case ' ' -> false;
      case '▀' -> y % 2 == 0;
      case '▄' -> y % 2 == 1;
      default -> throw new AssertionError("an unexpected character");
    };
  }

  @Test
  @DisplayName("its SVG draws the same modules, and nothing that a page's policy would refuse")
  void svg_reads_back() throws Exception {
    String svg = picture.svg("a \"label\" & <more>");
    assertThat(svg)
        .contains("aria-label=\"a &quot;label&quot; &amp; &lt;more>\"")
        .doesNotContain("style", "<script", "href");
    var dark = new boolean[45][45];
    Matcher run = Pattern.compile("M(\\d+) (\\d+)h(\\d+)v1h-\\d+z").matcher(svg);
    while (run.find()) {
      for (int i = 0; i < Integer.parseInt(run.group(3)); i++) {
        dark[Integer.parseInt(run.group(2))][Integer.parseInt(run.group(1)) + i] = true;
      }
    }
    assertThat(read(45, (x, y) -> dark[y][x]).getText()).isEqualTo(code);
  }

  @Property(tries = 100)
  @DisplayName("any text that fits reads back")
  void any_text_reads_back(
      @ForAll @StringLength(min = 1, max = 200) @CharRange(from = ' ', to = '~') String text)
      throws Exception {
    BufferedImage image = ImageIO.read(new ByteArrayInputStream(QrPicture.of(text).png(4)));
    assertThat(read(image.getWidth(), (x, y) -> image.getRGB(x, y) == DARK).getText())
        .isEqualTo(text);
  }

  @Test
  @DisplayName("does not show its text by accident")
  void hides_its_text() {
    assertThat(picture.toString()).doesNotContain(code.substring(10, 20));
    String tooLong = code.repeat(11);
    assertThatThrownBy(() -> QrPicture.of(tooLong))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("QR code: expected 1 to 1000 bytes, got 1100");
    assertThatThrownBy(() -> QrPicture.of("")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> picture.png(0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> picture.png(65)).isInstanceOf(IllegalArgumentException.class);
  }

  private static Result read(int side, BiPredicate<Integer, Integer> isDark) throws Exception {
    // zxing looks for patterns of more than one pixel a module.
    int scale = side < 200 ? 8 : 1;
    int scaled = side * scale;
    var pixels = new int[scaled * scaled];
    for (int y = 0; y < scaled; y++) {
      for (int x = 0; x < scaled; x++) {
        pixels[y * scaled + x] = isDark.test(x / scale, y / scale) ? DARK : LIGHT;
      }
    }
    LuminanceSource source = new RGBLuminanceSource(scaled, scaled, pixels);
    return new QRCodeReader().decode(new BinaryBitmap(new HybridBinarizer(source)));
  }
}
