// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.hub.qr;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * A square picture of black and white as PNG (RFC 2083 §11.2, §9). Twenty lines here save loading
 * AWT, which a small device may not even have.
 */
final class BilevelPng {
  private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};

  /** Length, type and CRC of a chunk. */
  private static final int CHUNK_FRAME_BYTES = 12;

  /** Whether a pixel is black. */
  @FunctionalInterface
  interface Pixels {
    boolean isBlack(int x, int y);
  }

  private final int side;
  private final Pixels pixels;

  BilevelPng(int side, Pixels pixels) {
    this.side = side;
    this.pixels = pixels;
  }

  byte[] bytes() {
    byte[] header =
        chunk(
            "IHDR",
            ByteBuffer.allocate(13)
                .putInt(side)
                .putInt(side)
                .put((byte) 1) // bit depth
                .put((byte) 0) // greyscale
                .put(new byte[3]) // deflate, the only filter method, not interlaced
                .array());
    byte[] data = chunk("IDAT", deflated(scanlines()));
    byte[] end = chunk("IEND", new byte[0]);
    return ByteBuffer.allocate(SIGNATURE.length + header.length + data.length + end.length)
        .put(SIGNATURE)
        .put(header)
        .put(data)
        .put(end)
        .array();
  }

  /** RFC 2083 §6: each line begins with its filter, none; eight pixels a byte, white is 1. */
  private byte[] scanlines() {
    int lineBytes = 1 + (side + 7) / 8;
    var lines = new byte[side * lineBytes];
    for (int y = 0; y < side; y++) {
      for (int x = 0; x < side; x++) {
        if (!pixels.isBlack(x, y)) {
          lines[y * lineBytes + 1 + x / 8] |= (byte) (0x80 >> x % 8);
        }
      }
    }
    return lines;
  }

  private static byte[] deflated(byte[] data) {
    try (var deflater = new Deflater(Deflater.BEST_COMPRESSION)) {
      deflater.setInput(data);
      deflater.finish();
      // Stored blocks cost 5 bytes in 16 383, zlib 6 (RFC 1950, 1951): this is always enough.
      var out = new byte[data.length + data.length / 1000 + 64];
      return Arrays.copyOf(out, deflater.deflate(out));
    }
  }

  private static byte[] chunk(String type, byte[] data) {
    var checksum = new CRC32();
    checksum.update(type.getBytes(US_ASCII));
    checksum.update(data);
    return ByteBuffer.allocate(CHUNK_FRAME_BYTES + data.length)
        .putInt(data.length)
        .put(type.getBytes(US_ASCII))
        .put(data)
        .putInt((int) checksum.getValue())
        .array();
  }
}
