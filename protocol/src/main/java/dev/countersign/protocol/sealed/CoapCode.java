// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.sealed;

import java.util.Locale;

/** The codes of requests and answers (RFC 7252 §12.1), as their byte. */
public final class CoapCode {
  public static final int GET = 0x01;
  public static final int POST = 0x02;

  /** 2.03: what the device has is current. */
  public static final int VALID = 0x43;

  /** 2.04: taken. */
  public static final int CHANGED = 0x44;

  /** 2.05: here it is. */
  public static final int CONTENT = 0x45;

  /** 2.31: the next block, please (RFC 7959 §2.9.1). */
  public static final int CONTINUE = 0x5f;

  /** 4.00. */
  public static final int BAD_REQUEST = 0x80;

  /** 4.01: with an Echo that makes the next attempt fresh. */
  public static final int UNAUTHORIZED = 0x81;

  /** 4.03. */
  public static final int FORBIDDEN = 0x83;

  /** 4.04. */
  public static final int NOT_FOUND = 0x84;

  /** 4.05. */
  public static final int METHOD_NOT_ALLOWED = 0x85;

  /** 4.08: a block is missing (RFC 7959 §2.9.2). */
  public static final int REQUEST_ENTITY_INCOMPLETE = 0x88;

  /** 4.09 (RFC 8132). */
  public static final int CONFLICT = 0x89;

  /** 4.13. */
  public static final int REQUEST_ENTITY_TOO_LARGE = 0x8d;

  /** 4.29 (RFC 8516). */
  public static final int TOO_MANY_REQUESTS = 0x9d;

  /** 5.03. */
  public static final int SERVICE_UNAVAILABLE = 0xa3;

  private CoapCode() {}

  /** Whether an answer with this code says that it worked. */
  public static boolean isSuccess(int code) {
    return code >> 5 == 2;
  }

  /** For people: GET, POST, or as {@code 2.05}. */
  public static String text(int code) {
    if (code == GET) {
      return "GET";
    } else if (code == POST) {
      return "POST";
    }
    return String.format(Locale.ROOT, "%d.%02d", code >> 5, code & 31);
  }
}
