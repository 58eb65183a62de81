// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.sealed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

@Label("Sequence numbers")
class SequenceNumbersPropertyTest {
  @Property(tries = 200)
  @Label("no number comes twice under one context, whatever fails in between")
  void never_twice(@ForAll @Size(max = 200) List<@IntRange(max = 9) Integer> acts)
      throws IOException {
    var storage = new MemoryNumbers();
    var used = new HashSet<String>();
    byte contexts = 0;
    SequenceNumbers numbers = SequenceNumbers.open(storage.generation(1));
    for (int act : acts) {
      storage.full = act == 0;
      if (act == 1) {
        numbers = SequenceNumbers.open(storage.generation(1));
      } else if (act == 2) {
        storage.stored.clear();
      }
      try {
        if (numbers.isLost()) {
          numbers.begin(new byte[] {++contexts});
        }
        for (int i = 0; i <= act * 10; i++) {
          String number = Arrays.toString(numbers.context().orElseThrow()) + "/" + numbers.next();
          assertThat(used.add(number)).as(number).isTrue();
        }
      } catch (IOException e) {
        assertThat(storage.full).isTrue();
      }
    }
  }

  @Property(tries = 50)
  @Label("a number of the server's is taken, but never one below the own bound")
  void goes_on(@ForAll @IntRange(max = 1000) int own, @ForAll @IntRange(max = 2000) int told)
      throws IOException {
    var storage = new MemoryNumbers();
    storage.stored.put(1, new Numbers(new byte[0], false, own));
    SequenceNumbers numbers = SequenceNumbers.open(storage.generation(1));
    numbers.goOn(told);
    assertThat(numbers.next()).isEqualTo(Math.max(own, told));
    assertThatThrownBy(() -> numbers.goOn(SequenceNumbers.END)).isInstanceOf(IOException.class);
  }
}
