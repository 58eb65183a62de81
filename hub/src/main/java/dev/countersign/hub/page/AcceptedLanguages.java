// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.hub.page;

import dev.countersign.hub.page.HubPage.Language;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Locale.LanguageRange;
import java.util.Optional;

/** Chooses by Accept-Language (RFC 9110 §12.5.4, RFC 4647 §3.4). */
final class AcceptedLanguages {
  /** Browsers send some fifty characters. */
  private static final int MAX_CHARS = 500;

  private static final List<String> TAGS =
      Arrays.stream(Language.values()).map(Language::tag).toList();

  private AcceptedLanguages() {}

  /** The one that is wanted most; empty if none is. */
  static Optional<Language> best(String header) {
    if (header.length() > MAX_CHARS) {
      return Optional.empty();
    }
    try {
      String tag = Locale.lookupTag(LanguageRange.parse(header), TAGS);
      return Arrays.stream(Language.values())
          .filter(language -> language.tag().equals(tag))
          .findFirst();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
