// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.hub.factory;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.countersign.client.storage.DurableFile;
import dev.countersign.protocol.DeviceSerial;
import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.Sha256;
import dev.countersign.protocol.x509.Certificates;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a station made, in a file that only grows: {@code ledger.jsonl}, and beside it in {@code
 * head} how far it went, so that a ledger whose end was cut off is found as well.
 *
 * <p>An entry and the head are on the disk when {@link #add} returns. A torn last line that the
 * head does not know was under way when the power failed; nobody got its certificate, and the next
 * line takes its place.
 *
 * <p>Not safe for several threads or processes: {@link Station} lets in one at a time.
 */
final class Ledger {
  private static final int MAX_BYTES = 64 << 20;

  private final Path file;
  private final Path headFile;
  private final List<LedgerEntry> entries = new ArrayList<>();
  private final Map<Sha256, LedgerEntry> byKey = new HashMap<>();
  private final Map<DeviceSerial, LedgerEntry> bySerial = new HashMap<>();
  private final Set<Integer> delivered = new HashSet<>();
  private final Set<Sha256> heads = new HashSet<>();
  private Sha256 head;
  private long bytes;
  private long lines;
  private Instant last = Instant.MIN;

  private Ledger(Path directory, Sha256 quota) {
    this.file = directory.resolve("ledger.jsonl");
    this.headFile = directory.resolve("head");
    this.head = quota;
    heads.add(quota);
  }

  /** Begins one, empty. */
  static void create(Path directory, Sha256 quota) throws IOException {
    DurableFile.replace(directory.resolve("ledger.jsonl"), new byte[0]);
    new Ledger(directory, quota).writeHead();
  }

  /**
   * Reads all of it, and verifies that each line follows the one before.
   *
   * @param quota the hash of the quota's file, with which it begins
   * @throws MalformedException if a line was changed, taken out or put in, or the end cut off
   */
  static Ledger read(Path directory, Sha256 quota) throws IOException, MalformedException {
    var ledger = new Ledger(directory, quota);
    ledger.refresh();
    return ledger;
  }

  /** Reads what another process has added since. */
  void refresh() throws IOException, MalformedException {
    Sha256 noted = notedHead();
    byte[] added = readFrom(bytes);
    int begin = 0;
    for (int end = lineEnd(added, begin); end >= 0; end = lineEnd(added, begin)) {
      byte[] line = Arrays.copyOfRange(added, begin, end);
      if (noted.equals(head) && lineEnd(added, end + 1) < 0 && !isWhole(line)) {
        break; // the power failed while it was written: nobody was told of it
      }
      take(line);
      begin = end + 1;
    }
    if (!heads.contains(noted)) {
      throw new MalformedException(
          "ledger", "it was cut off after line " + lines + ", or begins with another quota");
    }
    bytes += begin;
  }

  private static int lineEnd(byte[] text, int from) {
    for (int i = from; i < text.length; i++) {
      if (text[i] == '\n') {
        return i;
      }
    }
    return -1;
  }

  private boolean isWhole(byte[] line) {
    try {
      LedgerLine.decode(line, head);
      return true;
    } catch (MalformedException e) {
      return false;
    }
  }

  private byte[] readFrom(long position) throws IOException, MalformedException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long more = channel.size() - position;
      if (more < 0) {
        throw new MalformedException("ledger", "it was cut off after line " + lines);
      }
      if (more > MAX_BYTES) {
        throw new IOException(file + ": expected at most " + MAX_BYTES + " bytes");
      }
      ByteBuffer buffer = ByteBuffer.allocate((int) more);
      channel.position(position);
      while (buffer.hasRemaining() && channel.read(buffer) >= 0) {
        // until all of it is there
      }
      return Arrays.copyOf(buffer.array(), buffer.position());
    }
  }

  private void take(byte[] line) throws MalformedException {
    try {
      switch (LedgerLine.decode(line, head)) {
        case LedgerLine.Issued(LedgerEntry entry) -> {
          if (entry.number() != entries.size() + 1
              || !Certificates.keyHash(entry.certificate()).equals(entry.key())) {
            throw new MalformedException("number", "expected " + (entries.size() + 1));
          }
          put(entry);
        }
        case LedgerLine.Delivered(int number, Instant at) -> {
          delivered.add(number);
          last = at;
        }
      }
    } catch (MalformedException e) {
      throw new MalformedException("ledger", "line " + (lines + 1) + " was changed", e);
    }
    advance(line);
  }

  private void put(LedgerEntry entry) {
    entries.add(entry);
    byKey.put(entry.key(), entry);
    bySerial.putIfAbsent(entry.serial(), entry);
    last = entry.at();
  }

  /** Adds an entry; it is on the disk when this returns. */
  void add(LedgerEntry entry) throws IOException {
    append(new LedgerLine.Issued(entry));
    put(entry);
  }

  /** Notes that a certificate is in its hub. */
  void deliver(int number, Instant at) throws IOException {
    if (!delivered.contains(number)) {
      append(new LedgerLine.Delivered(number, at));
      delivered.add(number);
      last = at;
    }
  }

  private void append(LedgerLine line) throws IOException {
    byte[] encoded = LedgerLine.encode(line, head);
    ByteBuffer content = ByteBuffer.allocate(encoded.length + 1).put(encoded).put((byte) '\n');
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(bytes);
      channel.position(bytes);
      DurableFile.writeFully(channel, content.flip());
      channel.force(true);
    }
    bytes += content.capacity();
    advance(encoded);
    writeHead();
  }

  private void advance(byte[] line) {
    lines++;
    head = Sha256.of(line);
    heads.add(head);
  }

  private void writeHead() throws IOException {
    DurableFile.replace(headFile, (head.hex() + "\n").getBytes(US_ASCII));
  }

  private Sha256 notedHead() throws IOException, MalformedException {
    try {
      return Sha256.parseHex(Files.readString(headFile, US_ASCII).strip());
    } catch (IllegalArgumentException e) {
      throw new MalformedException("head", "expected 64 hexadecimal digits", e);
    }
  }

  Optional<LedgerEntry> byKey(Sha256 key) {
    return Optional.ofNullable(byKey.get(key));
  }

  Optional<LedgerEntry> bySerial(DeviceSerial serial) {
    return Optional.ofNullable(bySerial.get(serial));
  }

  boolean isDelivered(LedgerEntry entry) {
    return delivered.contains(entry.number());
  }

  List<LedgerEntry> entries() {
    return List.copyOf(entries);
  }

  /** How many certificates were made, delivered or not. */
  int count() {
    return entries.size();
  }

  int deliveredCount() {
    return delivered.size();
  }

  /** When the last line was written, by the station's clock. */
  Instant last() {
    return last;
  }

  /** Names all of it: whoever has this can tell whether a line is missing or changed. */
  Sha256 head() {
    return head;
  }
}
