// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.cli.terminal.CommandException;
import dev.countersign.protocol.MalformedException;
import java.io.FileNotFoundException;
import java.io.IOException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A step of the demo")
class StageTest {
  @Test
  @DisplayName("ends the demo if what it claims does not hold")
  void ends_with_a_false_claim() throws Exception {
    Stage.require(true, "nothing is wrong");
    assertThatThrownBy(() -> Stage.require(false, "one and one is two"))
        .isInstanceOf(CommandException.class)
        .hasMessageContaining("one and one is two");
  }

  @Test
  @DisplayName("ends the demo if what must be refused is accepted")
  void ends_with_an_attack_that_works() {
    assertThatThrownBy(() -> Stage.refused(IOException.class, "a forgery", () -> {}))
        .isInstanceOf(CommandException.class)
        .hasMessageContaining("a forgery was accepted");
  }

  @Test
  @DisplayName("takes no other failure for the refusal that it waits for")
  void tells_failures_apart() throws Exception {
    var expected = new FileNotFoundException("as expected");
    IOException caught =
        Stage.refused(
            FileNotFoundException.class,
            "a forgery",
            () -> {
              throw expected;
            });
    assertThat(caught).isSameAs(expected);
    assertThatThrownBy(() ->
            Stage.refused(
                FileNotFoundException.class,
                "a forgery",
                () -> {
                  throw new MalformedException("x", "something else");
                }))
        .isInstanceOf(MalformedException.class);
  }
}
