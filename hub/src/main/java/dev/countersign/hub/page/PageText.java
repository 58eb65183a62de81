// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.hub.page;

import dev.countersign.hub.page.HubPage.Language;
import dev.countersign.hub.qr.QrPicture;
import dev.countersign.protocol.SecretAccess;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;

/** The words of the page: templates and both languages, from files beside this class. */
final class PageText {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final HubFacts facts;
  private final String style = Resource.text("page.css");
  private final String script = Resource.text("page.js");
  private final String illustration = Resource.text("pair.svg");
  private final Template page = new Template(Resource.text("page.html"));
  private final Template screen = new Template(Resource.text("screen.html"));
  private final Map<Language, Map<String, String>> words = new EnumMap<>(Language.class);

  PageText(HubFacts facts) {
    this.facts = facts;
    for (Language language : Language.values()) {
      words.put(language, Resource.properties("words_" + language.tag() + ".properties"));
    }
  }

  String style() {
    return style;
  }

  String script() {
    return script;
  }

  /** What this device is and how to pair: nothing that a stranger may not know. */
  String page(PageView view, Language language, boolean ownScreen) {
    Map<String, String> values = common(view, language);
    values.put("illustration", new Template(illustration).fill(values));
    values.put("owned", word(language, view.owned() ? "owned.yes" : "owned.no"));
    values.put("screenLink", ownScreen ? "" : "hidden");
    return page.fill(values);
  }

  /** The code, for the device's own screen alone. */
  String screen(PageView view, Language language) {
    Map<String, String> values = common(view, language);
    Optional<PageView.Window> window = view.window();
    values.put(
        "qr",
        window
            .map(open ->
                QrPicture.of(open.code().text(SecretAccess.insecure()))
                    .svg(word(language, "screen.qr")))
            .orElse(""));
    values.put(
        "manual",
        window.map(open -> grouped(open.manual().digits(SecretAccess.insecure()), 5)).orElse(""));
    values.put("codeHidden", window.isPresent() ? "" : "hidden");
    return screen.fill(values);
  }

  private Map<String, String> common(PageView view, Language language) {
    var values = new HashMap<String, String>();
    words.getOrDefault(language, Map.of()).forEach((key, word) -> values.put("w." + key, word));
    values.put("lang", language.tag());
    values.put("style", style);
    values.put("script", script);
    values.put("name", facts.name());
    values.put("model", facts.model());
    values.put("serial", facts.serial());
    values.put("hubId", facts.id().toString());
    values.put("key", grouped(facts.key().hex(), 4));
    values.put("root", grouped(facts.root().hex(), 4));
    values.put("openClass", view.window().isPresent() ? "open" : "");
    values.put("seconds", Long.toString(secondsOpen(view)));
    values.put("closed", view.window().isPresent() ? "hidden" : "");
    values.put("open", view.window().isPresent() ? "" : "hidden");
    return values;
  }

  private String word(Language language, String key) {
    String word = words.getOrDefault(language, Map.of()).get(key);
    if (word == null) {
      throw new AssertionError("no word for " + key + " in " + language);
    }
    return word;
  }

  private static long secondsOpen(PageView view) {
    return view.window().map(window -> window.closesIn().toSeconds()).orElse(0L);
  }

  /** What a program may know. */
  String status(PageView view) {
    var status = new TreeMap<String, Object>();
    status.put("name", facts.name());
    status.put("model", facts.model());
    status.put("hubId", facts.id().toString());
    status.put("keySha256", facts.key().hex());
    status.put("owned", view.owned());
    status.put("open", view.window().isPresent());
    status.put("closesInSeconds", secondsOpen(view));
    return JSON.writeValueAsString(status);
  }

  /** For people who compare. */
  private static String grouped(String digits, int size) {
    return digits.replaceAll("(.{" + size + "})(?=.)", "$1 ");
  }
}
