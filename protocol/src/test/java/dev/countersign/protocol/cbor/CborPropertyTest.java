// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.cbor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.countersign.protocol.Inputs;
import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.Scalar;
import java.math.BigInteger;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.cbor.CBORMapper;

/** Against Jackson, which writes and reads all of CBOR. */
@Label("CBOR (RFC 8949)")
class CborPropertyTest {
  private static final CBORMapper OTHER = new CBORMapper();

  private static JsonNode read(CborWriter written) {
    return OTHER.readTree(written.toByteArray());
  }

  @Provide
  Arbitrary<Scalar> scalars() {
    return Inputs.scalars();
  }

  @Property
  @Label("another library reads the number that was written")
  void numbers(@ForAll double number) {
    assertThat(read(new CborWriter().number(number)).doubleValue()).isEqualTo(number);
  }

  @Property
  @Label("an integer is what another library writes for it, which is the shortest form")
  void integers(@ForAll long number, @ForAll int small) throws Exception {
    for (long each : new long[] {number, small, small >> 16, small >> 24}) {
      byte[] written = new CborWriter().integer(each).toByteArray();
      assertThat(written).isEqualTo(OTHER.writeValueAsBytes(each));
      assertThat(new CborReader(written).integer("n")).isEqualTo(BigInteger.valueOf(each));
    }
  }

  @Property
  @Label("texts and byte strings are what another library writes for them")
  void strings(@ForAll @From("scalars") Scalar scalar, @ForAll byte[] bytes) throws Exception {
    if (scalar instanceof Scalar.Text text) {
      byte[] written = new CborWriter().text(text.value()).toByteArray();
      assertThat(OTHER.readTree(written).stringValue()).isEqualTo(text.value());
      assertThat(new CborReader(written).text("t")).isEqualTo(text.value());
    }
    byte[] written = new CborWriter().bytes(bytes).toByteArray();
    assertThat(written).isEqualTo(OTHER.writeValueAsBytes(bytes));
    assertThat(new CborReader(written).bytes("b", bytes.length)).isEqualTo(bytes);
  }

  @Property
  @Label("what another library writes is read")
  void reads_another(@ForAll @From("scalars") Scalar scalar) throws Exception {
    var reader = new CborReader(OTHER.writeValueAsBytes(scalar.plain()));
    assertThat(reader.scalar("s")).isEqualTo(scalar);
    reader.end();
  }

  @Property
  @Label("what was written is read, and nothing is left")
  void reads_own(@ForAll @From("scalars") Scalar scalar) throws Exception {
    var reader = new CborReader(new CborWriter().scalar(scalar).toByteArray());
    assertThat(reader.scalar("s")).isEqualTo(scalar);
    reader.end();
  }

  @Example
  @Label("each of the 65 536 halves: three bytes where it is no whole number, exact both ways")
  void halves() throws Exception {
    for (int bits = 0; bits < 1 << 16; bits++) {
      short half = (short) bits;
      // Java's own, since 20; protocol runs on 17.
      float expected = Float.float16ToFloat(half);
      assertThat(Half.value(half)).isEqualTo(Float.valueOf(expected));
      if (!Float.isFinite(expected)) {
        assertThatIllegalArgumentException().isThrownBy(() -> new CborWriter().number(expected));
        continue;
      }
      assertThat(Half.of(expected)).isEqualTo(half);
      byte[] encoded = {(byte) 0xf9, (byte) (bits >> 8), (byte) bits};
      assertThat(new CborReader(encoded).number("n")).isEqualTo(expected);
      byte[] written = new CborWriter().number(expected).toByteArray();
      if (expected == Math.rint(expected) && Float.floatToIntBits(expected) != 0x80000000) {
        assertThat(written).isEqualTo(new CborWriter().integer((long) expected).toByteArray());
      } else {
        assertThat(written).isEqualTo(encoded);
      }
    }
  }

  @Property
  @Label("the shortest float that is exact")
  void shortest_floats(@ForAll double number, @ForAll float single) {
    for (double each : new double[] {number, single, number / 0x1p60, (float) number}) {
      if (each == Math.rint(each)) {
        continue;
      }
      boolean halfExact =
          Float.float16ToFloat(Float.floatToFloat16((float) each)) == (float) each
              && (float) each == each;
      int bytes = halfExact ? 3 : (float) each == each ? 5 : 9;
      assertThat(new CborWriter().number(each).toByteArray()).hasSize(bytes);
    }
  }

  @Property
  @Label("any bytes are one item or malformed, and never anything else")
  void judges_any_bytes(@ForAll byte[] bytes) {
    try {
      var reader = new CborReader(bytes);
      reader.skip("item", 4);
      reader.end();
    } catch (MalformedException e) {
      assertThat(e.field()).isNotEmpty();
    }
  }
}
