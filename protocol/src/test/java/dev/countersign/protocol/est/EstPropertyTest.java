// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.est;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.protocol.Inputs;
import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.SecretAccess;
import dev.countersign.protocol.Seeds;
import dev.countersign.protocol.Sha256;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

@Label("Any message of EST")
class EstPropertyTest {
  @Provide
  Arbitrary<byte[]> nearlyCertsOnly() throws IOException {
    return Inputs.nearly(Seeds.read("est/EstFuzzTestInputs/decodes_certs_only/two.p7"));
  }

  @Property
  @Label("a body is read as it was written")
  void reads_what_was_written(@ForAll byte[] content) throws Exception {
    if (content.length > 0) {
      assertThat(EstBody.decode(EstBody.encode(content))).isEqualTo(content);
    }
  }

  @Property
  @Label("a token is read as it was written")
  void reads_token_that_was_written(@ForAll byte[] root) throws Exception {
    EnrolmentToken token = EnrolmentToken.generate(Sha256.of(root), new SecureRandom());
    EnrolmentToken read = EnrolmentToken.parse(token.text(SecretAccess.insecure()));
    assertThat(read.rootFingerprint()).isEqualTo(Sha256.of(root));
    assertThat(read.secretHash()).isEqualTo(token.secretHash());
  }

  @Property
  @Label("bytes are certificates or malformed, and never anything else")
  void judges_any_bytes(@ForAll byte[] body, @ForAll("nearlyCertsOnly") byte[] nearly) {
    for (byte[] bytes : List.of(body, nearly)) {
      try {
        assertThat(CertsOnly.decode(bytes)).isNotEmpty();
      } catch (MalformedException e) {
        assertThat(e.field()).isNotEmpty();
      }
      try {
        assertThat(EstBody.decode(bytes)).isNotNull();
      } catch (MalformedException e) {
        assertThat(e.field()).isEqualTo("body");
      }
    }
  }

  @Property
  @Label("any other text is no token")
  void judges_any_text(@ForAll String text) {
    try {
      assertThat(EnrolmentToken.parse(text).text(SecretAccess.insecure())).isEqualTo(text);
    } catch (MalformedException e) {
      assertThat(e.field()).isEqualTo("token");
    }
  }
}
