// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.phone;

import com.google.zxing.BinaryBitmap;
import com.google.zxing.DecodeHintType;
import com.google.zxing.RGBLuminanceSource;
import com.google.zxing.ReaderException;
import com.google.zxing.common.HybridBinarizer;
import com.google.zxing.qrcode.QRCodeReader;
import dev.countersign.cli.terminal.CommandException;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Map;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import org.jspecify.annotations.Nullable;

/** Reads the QR code in a picture, as a phone's camera would. */
final class QrReader {
  /** A camera's picture; a larger one is an attempt to fill our memory. */
  private static final long MAX_PIXELS = 24_000_000;

  private QrReader() {}

  /** The text of the code. */
  static String read(Path file) throws CommandException {
    BufferedImage picture;
    try {
      picture = picture(file);
    } catch (IOException e) {
      throw Codes.unreadable(file, e);
    }
    if (picture == null) {
      throw CommandException.refused(
          file + " is neither a code nor a picture",
          "give the text, ten digits, @FILE with the text, or a picture (PNG, JPEG, GIF, BMP)");
    }
    int width = picture.getWidth();
    int height = picture.getHeight();
    int[] pixels = picture.getRGB(0, 0, width, height, null, 0, width);
    var bitmap =
        new BinaryBitmap(new HybridBinarizer(new RGBLuminanceSource(width, height, pixels)));
    try {
      return new QRCodeReader().decode(bitmap, Map.of(DecodeHintType.TRY_HARDER, true)).getText();
    } catch (ReaderException e) {
      throw CommandException.refused(
          "no QR code was found in " + file,
          "take a sharper picture, with a margin around the code");
    }
  }

  /** Null if it is no picture. The size is looked at before anything is unpacked. */
  private static @Nullable BufferedImage picture(Path file) throws IOException {
    try (InputStream content = Files.newInputStream(file);
        ImageInputStream in = ImageIO.createImageInputStream(content)) {
      Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
      if (!readers.hasNext()) {
        return null;
      }
      ImageReader reader = readers.next();
      try {
        reader.setInput(in, true, true);
        long pixels = (long) reader.getWidth(0) * reader.getHeight(0);
        if (pixels > MAX_PIXELS) {
          throw new IOException("the picture has more than " + MAX_PIXELS + " pixels");
        }
        return reader.read(0);
      } catch (RuntimeException e) {
        throw new IOException("the picture is damaged", e);
      } finally {
        reader.dispose();
      }
    }
  }
}
