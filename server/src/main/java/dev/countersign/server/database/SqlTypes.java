// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.database;

import dev.countersign.protocol.Sha256;
import java.time.Instant;
import java.util.Locale;
import org.jooq.Converter;
import org.jooq.DataType;
import org.jooq.impl.SQLDataType;

/** How values that every store has stand in a column. */
public final class SqlTypes {
  /** Milliseconds since 1970; SQLite has no type for a time. */
  public static final DataType<Instant> INSTANT =
      SQLDataType.BIGINT.asConvertedDataType(
          Converter.ofNullable(
              Long.class, Instant.class, Instant::ofEpochMilli, Instant::toEpochMilli));

  /** The 32 bytes. */
  public static final DataType<Sha256> SHA256 =
      SQLDataType.BLOB.asConvertedDataType(
          Converter.ofNullable(byte[].class, Sha256.class, Sha256::wrap, Sha256::bytes));

  /** 0 or 1. */
  public static final DataType<Boolean> FLAG =
      SQLDataType.INTEGER.asConvertedDataType(
          Converter.ofNullable(Integer.class, Boolean.class, n -> n != 0, b -> b ? 1 : 0));

  private SqlTypes() {}

  /** The constant's name in lower case. */
  public static <E extends Enum<E>> DataType<E> word(Class<E> type) {
    return SQLDataType.VARCHAR.asConvertedDataType(
        Converter.ofNullable(
            String.class,
            type,
            word -> Enum.valueOf(type, word.toUpperCase(Locale.ROOT)),
            constant -> constant.name().toLowerCase(Locale.ROOT)));
  }
}
