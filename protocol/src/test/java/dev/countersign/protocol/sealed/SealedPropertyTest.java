// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.sealed;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.protocol.Inputs;
import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.examples.SealedVectors;
import dev.countersign.protocol.keys.SealedAlgorithm;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import tools.jackson.databind.JsonNode;

@Label("Sealed messages of any content")
class SealedPropertyTest {
  @Provide
  Arbitrary<InnerMessage> messages() {
    Arbitrary<byte[]> body = Arbitraries.bytes().array(byte[].class).ofMaxSize(1024);
    Arbitrary<List<InnerOption>> options =
        Combinators.combine(
                Arbitraries.of(4, 6, 11, 12, 15, 252, 292, 65_534),
                Arbitraries.bytes().array(byte[].class).ofMaxSize(255))
            .as(InnerOption::new)
            .list()
            .ofMaxSize(8);
    return Combinators.combine(Arbitraries.integers().between(0, 255), options, body)
        .as((code, all, content) -> {
          InnerMessage message = InnerMessage.of(code).withBody(content);
          for (InnerOption option : all) {
            message = message.with(option.number(), option.value());
          }
          return message;
        });
  }

  @Provide
  Arbitrary<SealedAlgorithm> algorithms() {
    return Arbitraries.of(SealedAlgorithm.class);
  }

  @Provide
  Arbitrary<String> nearlyTokens() {
    String[] tokens =
        SealedVectors.cases()
            .flatMap(c -> Stream.of("request", "response").map(c::path))
            .map(node -> node.path("token").asString())
            .toArray(String[]::new);
    String[] macs =
        SealedVectors.cases()
            .map(c -> c.path("mac"))
            .flatMap(mac -> mac.propertyStream().map(e -> e.getValue()))
            .map(JsonNode::asString)
            .filter(text -> text.startsWith("m1."))
            .toArray(String[]::new);
    return Arbitraries.oneOf(Inputs.nearly(tokens), Inputs.nearly(macs))
        .map(bytes -> new String(bytes, ISO_8859_1));
  }

  @Provide
  Arbitrary<byte[]> nearlyOptions() {
    byte[][] options =
        SealedVectors.cases()
            .map(c -> Objects.requireNonNull(SealedVectors.bytes(c.path("request"), "option")))
            .toArray(byte[][]::new);
    byte[] announced = OscoreOption.ofRequest(7, new byte[] {0x41, 1}, Sides.kid()).encode();
    return Arbitraries.oneOf(Inputs.nearly(options), Inputs.nearly(announced));
  }

  @Property
  @Label("a request is opened as it was sealed, and so is its answer")
  void round_trip(
      @ForAll("algorithms") SealedAlgorithm algorithm,
      @ForAll @LongRange(min = 0, max = OscoreOption.MAX_PARTIAL_IV) long sequence,
      @ForAll("messages") InnerMessage request,
      @ForAll("messages") InnerMessage answer,
      @ForAll Optional<@Size(max = 24) byte[]> idContext,
      @ForAll boolean announced)
      throws Exception {
    Sides sides = Sides.of("a secret", algorithm, idContext);
    SentRequest sent = sides.device().seal(sequence, request, announced);
    var received = (OscoreMessage) SealedMessage.parse(sent.message().token());
    assertThat(received).isEqualTo(sent.message());
    OpenedRequest opened = sides.server().open(received);
    assertThat(opened.sequence()).isEqualTo(sequence);
    assertThat(opened.message()).isEqualTo(request);
    assertThat(sent.open(SealedMessage.parse(opened.answer(answer).token()))).isEqualTo(answer);
  }

  @Property
  @Label("what is inside is read as it was written")
  void inner_messages(@ForAll("messages") InnerMessage message) throws Exception {
    assertThat(InnerMessage.decode(message.encode())).isEqualTo(message);
  }

  @Property
  @Label("any bytes that are a message inside have this one form")
  void inner_bytes(@ForAll byte[] bytes, @ForAll("messages") InnerMessage message)
      throws MalformedException {
    for (byte[] each : List.of(bytes, message.encode())) {
      try {
        assertThat(InnerMessage.decode(each).encode()).isEqualTo(each);
      } catch (MalformedException e) {
        assertThat(e.field()).isNotEmpty();
      }
    }
  }

  @Property
  @Label("any bytes that are an OSCORE option have this one form")
  void options(@ForAll @Size(max = 90) byte[] bytes, @ForAll("nearlyOptions") byte[] nearly) {
    for (byte[] each : List.of(bytes, nearly)) {
      try {
        assertThat(OscoreOption.decode(each).encode()).isEqualTo(each);
      } catch (MalformedException e) {
        assertThat(e.field()).isEqualTo("OSCORE option");
      }
    }
  }

  @Property
  @Label("a sequence number has one Partial IV")
  void partial_ivs(@ForAll @LongRange(min = 0, max = OscoreOption.MAX_PARTIAL_IV) long sequence)
      throws Exception {
    OscoreOption option = OscoreOption.ofRequest(sequence, null, Sides.kid());
    assertThat(OscoreOption.decode(option.encode())).isEqualTo(option);
    assertThat(option.sequence()).hasValue(sequence);
  }

  @Property
  @Label("any text that is a token has this one form")
  void tokens(@ForAll String text, @ForAll("nearlyTokens") String nearly) {
    for (String each : List.of(text, "o1." + text, "m1." + text, nearly)) {
      try {
        assertThat(SealedMessage.parse(each).token()).isEqualTo(each);
      } catch (MalformedException e) {
        assertThat(e.field()).isNotEmpty();
      }
    }
  }

  @Property
  @Label("a block is read as it was written")
  void blocks(
      @ForAll @IntRange(max = (1 << 20) - 1) int number,
      @ForAll boolean more,
      @ForAll @IntRange(min = 4, max = 10) int size)
      throws Exception {
    var block = new Block(number, more, 1 << size);
    assertThat(Block.decode(block.encode())).isEqualTo(block);
  }

  @Property
  @Label("an ID Context has one kid context")
  void kid_contexts(@ForAll @Size(max = 24) byte[] idContext, @ForAll byte[] any) throws Exception {
    assertThat(LostState.idContext(LostState.kidContext(idContext))).isEqualTo(idContext);
    try {
      assertThat(LostState.kidContext(LostState.idContext(any))).isEqualTo(any);
    } catch (MalformedException e) {
      assertThat(e.field()).isNotEmpty();
    }
  }

  @Property
  @Label("a MAC leaves path, query, Echo and body as they were")
  void macs(
      @ForAll @LongRange(min = 0, max = OscoreOption.MAX_PARTIAL_IV) long sequence,
      @ForAll Optional<@Size(min = 1, max = 40) byte[]> echo,
      @ForAll @Size(max = 1024) byte[] body,
      @ForAll @IntRange(max = 255) int code)
      throws Exception {
    InnerMessage plain = InnerMessage.requestTo(code, "est/sen?a=1&b=2").withBody(body);
    InnerMessage request = echo.isPresent() ? plain.withEcho(echo.get()) : plain;
    MacContext context = Sides.of(SealedAlgorithm.CCM).mac();
    SentRequest sent = context.seal(sequence, request);
    OpenedRequest opened = context.open((MacMessage) SealedMessage.parse(sent.message().token()));
    assertThat(opened.message()).isEqualTo(request);
    InnerMessage answer =
        echo.isPresent()
            ? InnerMessage.of(code).withBody(body).withEcho(echo.get())
            : InnerMessage.of(code).withBody(body);
    assertThat(sent.open(SealedMessage.parse(opened.answer(answer).token()))).isEqualTo(answer);
  }
}
