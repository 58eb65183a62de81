// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.relay;

import dev.countersign.protocol.MalformedException;
import java.util.regex.Pattern;

/**
 * A relay to be added.
 *
 * @param name part of a path that is signed as it was sent, so nothing in it needs encoding
 */
public record NewRelay(String name, RelayMode mode, String field, boolean errorsAs200) {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,63}");
  private static final Pattern FIELD =
      Pattern.compile("[A-Za-z0-9_-]{1,64}(\\.[A-Za-z0-9_-]{1,64}){0,7}");

  /** The same, if name and field have their form. */
  public NewRelay checked() throws MalformedException {
    if (!NAME.matcher(name).matches()) {
      throw new MalformedException(
          "name", "expected 1 to 64 letters, digits, hyphens or underscores");
    }
    if (!FIELD.matcher(field).matches()) {
      throw new MalformedException(
          "field", "expected 1 to 8 names of letters, digits, hyphens or underscores, with dots");
    }
    return this;
  }
}
