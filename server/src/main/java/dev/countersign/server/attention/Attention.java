// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.attention;

/**
 * One thing that needs attention.
 *
 * @param code for programs; a code is never given another meaning
 * @param text what is the matter, for people
 * @param advice what to do
 */
public record Attention(String code, String text, String advice) {
  /** All of it in one line. */
  public String line() {
    return text + ": " + advice;
  }
}
