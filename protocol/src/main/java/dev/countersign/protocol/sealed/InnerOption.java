// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.sealed;

import java.util.Arrays;

/** One CoAP option inside a sealed message (RFC 7252 §5.4). Immutable. */
public final class InnerOption {
  public static final int ETAG = 4;
  public static final int URI_PATH = 11;
  public static final int CONTENT_FORMAT = 12;
  public static final int URI_QUERY = 15;
  public static final int BLOCK2 = 23;
  public static final int BLOCK1 = 27;

  /** RFC 9175 §2.2.1. */
  public static final int ECHO = 252;

  /** RFC 9175 §3.2.1. */
  public static final int REQUEST_TAG = 292;

  private final int number;
  private final byte[] value;

  InnerOption(int number, byte[] value) {
    this.number = number;
    this.value = value;
  }

  int number() {
    return number;
  }

  byte[] value() {
    return value;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof InnerOption that
        && number == that.number
        && Arrays.equals(value, that.value);
  }

  @Override
  public int hashCode() {
    return 31 * number + Arrays.hashCode(value);
  }
}
