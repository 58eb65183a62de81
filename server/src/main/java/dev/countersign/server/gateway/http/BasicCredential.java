// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.gateway.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.countersign.server.credentials.CredentialRefusedException;
import dev.countersign.server.credentials.CredentialRefusedException.Reason;
import java.util.Base64;

/** HTTP Basic (RFC 7617). Whatever is wrong with it is a wrong credential. */
record BasicCredential(String user, String password) {
  private static final String SCHEME = "Basic ";

  static BasicCredential parse(String header) throws CredentialRefusedException {
    if (!header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      throw new CredentialRefusedException(Reason.NO_TOKEN_SHOWN, "no Basic credential");
    }
    try {
      byte[] decoded = Base64.getDecoder().decode(header.substring(SCHEME.length()).strip());
      String text = new String(decoded, UTF_8);
      int colon = text.indexOf(':');
      if (colon < 0) {
        throw new CredentialRefusedException(Reason.NO_TOKEN_SHOWN, "no colon in Basic");
      }
      return new BasicCredential(text.substring(0, colon), text.substring(colon + 1));
    } catch (IllegalArgumentException e) {
      throw new CredentialRefusedException(Reason.NO_TOKEN_SHOWN, "Basic is not Base64");
    }
  }

  @Override
  public String toString() {
    return "BasicCredential[hidden]";
  }
}
