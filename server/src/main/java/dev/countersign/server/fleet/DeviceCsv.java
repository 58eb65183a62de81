// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.fleet;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.countersign.protocol.DeviceSerial;
import dev.countersign.protocol.MalformedException;
import dev.countersign.server.registry.NewDevice;
import dev.countersign.server.secrets.ClearSecret;
import dev.countersign.server.secrets.SecretCheck;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.CodingErrorAction;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * A list of devices as a factory writes it: CSV (RFC 4180) in UTF-8 with a header line that has
 * {@code serial}, and may have {@code secret}, {@code model}, {@code credential} and {@code
 * algorithm}. Every bad line is named, and no secret is ever repeated.
 */
public final class DeviceCsv {
  private static final Set<String> COLUMNS =
      Set.of("serial", "secret", "model", "credential", "algorithm");
  private static final int MAX_MODEL_CHARS = 64;

  /** The rest of a list with as many mistakes is not worth reading. */
  private static final int MAX_REFUSALS = 100;

  /**
   * A device that a line describes.
   *
   * @param line the first is 1
   */
  public record Row(long line, NewDevice device, NewCredential credential) {}

  /**
   * A line that cannot be imported.
   *
   * @param field the column, or {@code header}
   */
  public record Refusal(long line, String field, String reason) {}

  /** Everything that was read, and everything that was wrong. Closing it overwrites the secrets. */
  public record Parsed(List<Row> rows, List<Refusal> refusals) implements AutoCloseable {
    @Override
    public void close() {
      rows.forEach(row -> row.credential().forget());
    }
  }

  private DeviceCsv() {}

  /** Reads a list. What is wrong with it is in the result, not thrown. */
  public static Parsed parse(byte[] csv) {
    var rows = new ArrayList<Row>();
    var refusals = new ArrayList<Refusal>();
    CSVFormat format =
        CSVFormat.RFC4180
            .builder()
            .setHeader()
            .setSkipHeaderRecord(true)
            .setTrim(true)
            .setIgnoreEmptyLines(true)
            .get();
    var decoder =
        UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    try (CSVParser parser =
        CSVParser.builder()
            .setFormat(format)
            .setReader(new InputStreamReader(new ByteArrayInputStream(withoutMark(csv)), decoder))
            .get()) {
      checkHeader(parser.getHeaderNames(), refusals);
      if (refusals.isEmpty()) {
        readRows(parser, rows, refusals);
      }
    } catch (IOException | UncheckedIOException | IllegalArgumentException e) {
      refusals.add(
          new Refusal(1 + rows.size(), "file", "expected CSV in UTF-8 with a header line"));
    }
    if (rows.isEmpty() && refusals.isEmpty()) {
      refusals.add(new Refusal(1, "file", "expected at least one device below the header line"));
    }
    return new Parsed(List.copyOf(rows), List.copyOf(refusals));
  }

  /** Spreadsheets write a byte order mark in front of UTF-8. */
  private static byte[] withoutMark(byte[] csv) {
    boolean marked =
        csv.length >= 3 && csv[0] == (byte) 0xEF && csv[1] == (byte) 0xBB && csv[2] == (byte) 0xBF;
    return marked ? Arrays.copyOfRange(csv, 3, csv.length) : csv;
  }

  private static void checkHeader(List<String> header, List<Refusal> refusals) {
    for (int i = 0; i < header.size(); i++) {
      if (!COLUMNS.contains(header.get(i))) {
        // Not its name: in a list without a header line that may be somebody's secret.
        refusals.add(
            new Refusal(
                1,
                "header",
                "expected columns of "
                    + String.join(", ", new TreeSet<>(COLUMNS))
                    + "; got something else in column "
                    + (i + 1)));
      }
    }
    if (!header.contains("serial")) {
      refusals.add(new Refusal(1, "header", "expected a column serial"));
    }
  }

  private static void readRows(CSVParser parser, List<Row> rows, List<Refusal> refusals) {
    Map<DeviceSerial, Long> seen = new HashMap<>();
    var check = new SecretCheck();
    for (CSVRecord record : parser) {
      long line = parser.getCurrentLineNumber();
      if (refusals.size() >= MAX_REFUSALS) {
        refusals.add(new Refusal(line, "file", "too many mistakes; the rest was not read"));
        return;
      }
      if (!record.isConsistent()) {
        refusals.add(
            new Refusal(line, "line", "expected as many fields as the header has columns"));
        continue;
      }
      try {
        rows.add(row(line, record, seen, check));
      } catch (MalformedException e) {
        refusals.add(new Refusal(line, e.field(), e.problem()));
      }
    }
  }

  private static Row row(
      long line, CSVRecord record, Map<DeviceSerial, Long> seen, SecretCheck check)
      throws MalformedException {
    DeviceSerial serial = DeviceSerial.parse(record.get("serial"));
    Long before = seen.putIfAbsent(serial, line);
    if (before != null) {
      throw new MalformedException("serial", serial + " stands on line " + before + " already");
    }
    var device = new NewDevice(serial, model(record), true);
    return new Row(line, device, credential(line, serial, record, check));
  }

  private static NewCredential credential(
      long line, DeviceSerial serial, CSVRecord record, SecretCheck check)
      throws MalformedException {
    Optional<String> text = field(record, "secret");
    Optional<ClearSecret> secret =
        text.isPresent() ? Optional.of(ClearSecret.parse(text.get())) : Optional.empty();
    boolean fit = false;
    try {
      NewCredential credential =
          NewCredential.parse(field(record, "credential"), field(record, "algorithm"), secret);
      if (credential instanceof NewCredential.Shared && secret.isEmpty()) {
        throw new MalformedException(
            "secret", "expected the device's secret; 'device add' makes one for one device");
      }
      if (secret.isPresent()) {
        Optional<String> problem = check.problem(secret.get(), serial, line);
        if (problem.isPresent()) {
          throw new MalformedException("secret", problem.get());
        }
      }
      fit = true;
      return credential;
    } finally {
      if (!fit) {
        secret.ifPresent(ClearSecret::close);
      }
    }
  }

  private static Optional<String> field(CSVRecord record, String column) {
    return record.isMapped(column) && !record.get(column).isEmpty()
        ? Optional.of(record.get(column))
        : Optional.empty();
  }

  private static Optional<String> model(CSVRecord record) throws MalformedException {
    return record.isMapped("model") ? checkModel(record.get("model")) : Optional.empty();
  }

  /** A model's name; empty for none. */
  public static Optional<String> checkModel(String model) throws MalformedException {
    if (model.isEmpty()) {
      return Optional.empty();
    }
    if (!model.matches("[\\x20-\\x7e]{1," + MAX_MODEL_CHARS + "}")) {
      throw new MalformedException(
          "model", "expected at most " + MAX_MODEL_CHARS + " printable ASCII characters");
    }
    return Optional.of(model);
  }
}
