// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.hub.page;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Map;

/**
 * What the page answers.
 *
 * @param headers all but Content-Length
 * @param body UTF-8; for HEAD what GET would have, of which a listener sends the length alone
 */
public record PageAnswer(int status, Map<String, String> headers, String body) {
  public PageAnswer {
    headers = Map.copyOf(headers);
  }

  /** The body as it is sent. */
  public byte[] bytes() {
    return body.getBytes(UTF_8);
  }
}
