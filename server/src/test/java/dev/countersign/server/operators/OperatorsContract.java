// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.operators;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.countersign.server.database.Database;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What every {@link Operators} does. */
abstract class OperatorsContract {
  private static final Instant NOW = Instant.parse("2026-11-21T20:30:00.5Z");
  private static final Instant LATER = NOW.plusSeconds(1);
  private static final Operator ANNA = new Operator("anna", NOW, "setup", Optional.empty());

  private Database database;
  private Operators operators;

  abstract Database database();

  abstract Operators operators();

  @BeforeEach
  void open() {
    database = database();
    operators = operators();
  }

  @AfterEach
  void close() {
    database.close();
  }

  private boolean add(String name, Instant at) {
    return database.<Boolean, RuntimeException>write(tx -> operators.add(tx, name, at, "setup"));
  }

  private boolean remove(String name) {
    return database.<Boolean, RuntimeException>write(tx -> operators.remove(tx, name, LATER));
  }

  private Optional<Operator> find(String name) {
    return database.<Optional<Operator>, RuntimeException>read(tx -> operators.find(tx, name));
  }

  private List<Operator> list() {
    return database.<List<Operator>, RuntimeException>read(operators::list);
  }

  @Test
  @DisplayName("a name has one live operator")
  void adds_once() {
    assertThat(add("anna", NOW)).isTrue();
    assertThat(add("anna", LATER)).isFalse();
    assertThat(find("anna")).contains(ANNA);
    assertThat(find("Anna")).isEmpty();
  }

  @Test
  @DisplayName("a removed operator is not found, but stays in the list, and the name is free")
  void removes() {
    add("anna", NOW);
    add("berta", NOW);
    assertThat(remove("anna")).isTrue();
    assertThat(remove("anna")).isFalse();
    assertThat(find("anna")).isEmpty();
    assertThat(add("anna", LATER)).isTrue();
    assertThat(find("anna").map(Operator::addedAt)).contains(LATER);
    assertThat(list())
        .containsExactly(
            new Operator("anna", NOW, "setup", Optional.of(LATER)),
            new Operator("berta", NOW, "setup", Optional.empty()),
            new Operator("anna", LATER, "setup", Optional.empty()));
  }

  @Test
  @DisplayName("a work that throws leaves the operators as they were")
  void undoes_everything() {
    add("anna", NOW);
    assertThatThrownBy(() ->
            database.write(tx -> {
              operators.add(tx, "berta", NOW, "anna");
              operators.remove(tx, "anna", LATER);
              throw new IOException("no");
            }))
        .isInstanceOf(IOException.class);
    assertThat(list()).containsExactly(ANNA);
  }
}
