// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.telemetry;

import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.cbor.CborReader;
import java.math.BigInteger;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * SenML packs in CBOR (RFC 8428 §6): the same records as in JSON, with integers for labels. What
 * they mean, what is refused, and the names of fields in refusals are those of {@link
 * SenmlReadings}.
 *
 * <p>Refused besides, because a sender that means well does not write them: indefinite lengths (§6
 * keeps them for streams), a label twice, a text in place of a label's integer, integers that are
 * no label, tags other than decimal fractions, numbers that are not finite.
 */
public final class SenmlCborReadings {
  /** §6, Table 4, which is conclusive: labels to come are texts. */
  private static final Map<Integer, String> LABELS =
      Map.ofEntries(
          Map.entry(-1, "bver"),
          Map.entry(-2, "bn"),
          Map.entry(-3, "bt"),
          Map.entry(-4, "bu"),
          Map.entry(-5, "bv"),
          Map.entry(-6, "bs"),
          Map.entry(0, "n"),
          Map.entry(1, "u"),
          Map.entry(2, "v"),
          Map.entry(3, "vs"),
          Map.entry(4, "vb"),
          Map.entry(5, "s"),
          Map.entry(6, "t"),
          Map.entry(7, "ut"),
          Map.entry(8, "vd"));

  private static final Map<String, Integer> INTEGERS =
      LABELS.entrySet().stream().collect(Collectors.toMap(Map.Entry::getValue, Map.Entry::getKey));

  /** As deep as {@link JsonReadings} goes within a record. */
  private static final int MAX_DEPTH = 3;

  private SenmlCborReadings() {}

  /**
   * Reads a pack of at least one value.
   *
   * @param now what relative times are relative to
   */
  public static List<Reading> decode(byte[] body, Instant now) throws MalformedException {
    var pack = new SenmlPack(now);
    var reader = new CborReader(body);
    var value = new CborValue(reader);
    for (int records = reader.array("body"); records > 0; records--) {
      SenmlPack.Row row = pack.row();
      var seen = new HashSet<String>();
      for (int fields = reader.map("body"); fields > 0; fields--) {
        row.field(label(reader, seen), value);
      }
      row.end();
    }
    reader.end();
    return pack.readings();
  }

  private static String label(CborReader reader, Set<String> seen) throws MalformedException {
    String label;
    if (reader.isText()) {
      label = reader.text("label");
      @Nullable Integer integer = INTEGERS.get(label);
      if (integer != null) {
        throw new MalformedException(label, "expected the integer " + integer + " for this label");
      }
    } else {
      label = ofTable(reader.integer("label"));
    }
    if (!seen.add(label)) {
      throw new MalformedException(Reading.shown(label), "expected once, got it twice");
    }
    return label;
  }

  private static String ofTable(BigInteger integer) throws MalformedException {
    String label = integer.bitLength() < Byte.SIZE ? LABELS.get(integer.intValue()) : null;
    if (label == null) {
      throw new MalformedException("label", "expected an integer from -6 to 8, got " + integer);
    }
    return label;
  }

  /** The value that the reader has come to. */
  private record CborValue(CborReader reader) implements SenmlValue {
    @Override
    public String text(String label) throws MalformedException {
      return reader.text(label);
    }

    @Override
    public double number(String label) throws MalformedException {
      // §6: for the version number, only an unsigned integer is allowed.
      if (label.equals("bver") && !reader.isUnsigned()) {
        throw new MalformedException(label, "expected a whole number");
      }
      return reader.number(label);
    }

    @Override
    public boolean flag(String label) throws MalformedException {
      return reader.flag(label);
    }

    @Override
    public void skip(String label) throws MalformedException {
      reader.skip(Reading.shown(label), MAX_DEPTH);
    }
  }
}
