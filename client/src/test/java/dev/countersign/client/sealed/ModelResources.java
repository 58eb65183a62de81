// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.sealed;

import dev.countersign.protocol.ProtocolException;
import dev.countersign.protocol.Scalar;
import dev.countersign.protocol.Sha256;
import dev.countersign.protocol.sealed.Block;
import dev.countersign.protocol.sealed.CoapCode;
import dev.countersign.protocol.sealed.InnerMessage;
import dev.countersign.protocol.sealed.Rekey;
import dev.countersign.protocol.settings.ReleaseNotice;
import dev.countersign.protocol.settings.SealedSettings;
import dev.countersign.protocol.settings.SettingsAnswer;
import dev.countersign.protocol.telemetry.CborReadings;
import dev.countersign.protocol.telemetry.Reading;
import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a model server has inside the seal. */
final class ModelResources {
  final List<Double> stored = new ArrayList<>();
  final List<Boolean> fresh = new ArrayList<>();
  final List<Long> receipts = new ArrayList<>();
  final EphemeralKey ephemeral;

  /** Answers that come before the right ones, for requests of this path. */
  final Map<String, InnerMessage> instead = new HashMap<>();

  /** Run before an answer, with the path. */
  Runnable between = () -> {};

  private final ModelServer server;
  private final Map<Long, Sha256> messages = new HashMap<>();
  private final ByteArrayOutputStream upload = new ByteArrayOutputStream();
  private byte[] echo = {};
  int blockBytes = Block.MAX_SIZE_BYTES;
  private SettingsAnswer settings = ModelServer.settings(0, 0);

  ModelResources(ModelServer server) {
    this.server = server;
    try {
      this.ephemeral = EphemeralKey.generate();
    } catch (GeneralSecurityException e) {
      throw new AssertionError("every platform has P-256", e);
    }
  }

  void set(SettingsAnswer next) {
    settings = next;
  }

  byte[] echo() {
    echo = server.random(8);
    return echo;
  }

  InnerMessage answer(InnerMessage request, int generation) throws ProtocolException {
    between.run();
    boolean isFresh = request.echo().filter(shown -> Arrays.equals(shown, echo)).isPresent();
    InnerMessage instructed = instead.remove(request.path());
    InnerMessage answer = instructed != null ? instructed : answer(request, generation, isFresh);
    return answer.withEcho(echo());
  }

  private InnerMessage answer(InnerMessage request, int generation, boolean isFresh)
      throws ProtocolException {
    String what = CoapCode.text(request.code()) + " " + request.path();
    if (List.of("POST a", "GET k", "POST k").contains(what) && !isFresh) {
      return InnerMessage.of(CoapCode.UNAUTHORIZED);
    }
    return switch (what) {
      case "GET s" -> settings(request);
      case "GET t" ->
          InnerMessage.of(CoapCode.CONTENT)
              .withBody(SealedSettings.encode(new ReleaseNotice(0, 0, settings.serverTime())));
      case "POST d" -> readings(request, isFresh);
      case "POST a" -> {
        receipts.add(SealedSettings.decodeReceipt(request.body()).version());
        yield InnerMessage.of(CoapCode.CHANGED);
      }
      case "GET k" ->
          InnerMessage.of(CoapCode.CONTENT)
              .withBody(new Rekey(generation + 1, ephemeral.point()).encode());
      case "POST k" -> rekey(Rekey.decode(request.body()));
      default -> InnerMessage.of(CoapCode.NOT_FOUND);
    };
  }

  private InnerMessage rekey(Rekey accepted) throws ProtocolException {
    try {
      byte[] x = ephemeral.agree(accepted.content());
      server.rekey(accepted.generation(), Rekey.shared(x, ephemeral.point(), accepted.content()));
      return InnerMessage.of(CoapCode.CHANGED);
    } catch (GeneralSecurityException e) {
      throw new AssertionError("every platform has ECDH", e);
    }
  }

  private InnerMessage settings(InnerMessage request) throws ProtocolException {
    if (request.query().equals("v=" + settings.version())) {
      return InnerMessage.of(CoapCode.VALID);
    }
    byte[] body = SealedSettings.encode(settings);
    InnerMessage content = InnerMessage.of(CoapCode.CONTENT).withEtag(settings.version());
    Optional<Block> wanted = request.block2();
    int size = Math.min(blockBytes, wanted.map(Block::sizeBytes).orElse(blockBytes));
    if (body.length <= size) {
      return content.withBody(body);
    }
    int number = wanted.map(Block::number).orElse(0);
    int end = Math.min((number + 1) * size, body.length);
    return content
        .withBlock2(new Block(number, end < body.length, size))
        .withBody(Arrays.copyOfRange(body, number * size, end));
  }

  private InnerMessage readings(InnerMessage request, boolean isFresh) throws ProtocolException {
    Optional<Block> block = request.block1();
    if (block.isPresent()) {
      if (block.get().number() == 0) {
        upload.reset();
      }
      if (block.get().offset() != upload.size()) {
        return InnerMessage.of(CoapCode.REQUEST_ENTITY_INCOMPLETE);
      }
      upload.writeBytes(request.body());
      if (block.get().more()) {
        return InnerMessage.of(CoapCode.CONTINUE).withBlock1(block.get());
      }
      return store(request.query(), upload.toByteArray(), isFresh).withBlock1(block.get());
    }
    return store(request.query(), request.body(), isFresh);
  }

  private InnerMessage store(String query, byte[] body, boolean isFresh) throws ProtocolException {
    long number = Long.parseLong(query.substring("n=".length()));
    Sha256 digest = Sha256.of(body);
    Sha256 before = messages.putIfAbsent(number, digest);
    if (before != null) {
      return InnerMessage.of(before.equals(digest) ? CoapCode.CHANGED : CoapCode.CONFLICT);
    }
    for (Reading reading : CborReadings.decode(body)) {
      if (reading.value() instanceof Scalar.Numeric numeric) {
        stored.add(numeric.value());
        fresh.add(isFresh);
      }
    }
    return InnerMessage.of(CoapCode.CHANGED);
  }
}
