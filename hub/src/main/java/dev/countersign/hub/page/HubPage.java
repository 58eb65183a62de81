// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.hub.page;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.countersign.protocol.Sha256;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * Answers a browser: {@code /} says what this device is and how to pair, {@code /status} the same
 * for programs, {@code /screen} shows the code.
 *
 * <p><b>Security guarantees.</b> The code leaves by {@code /screen} alone, and that exists only for
 * a browser on the device itself: knowing the hotspot's password is not to be enough to pair.
 * Nothing here changes anything. Safe for use by many threads.
 *
 * <p>A listener that carries it says where a connection came from; the page asks for no hub, so
 * that the hub can open it.
 */
public final class HubPage {
  private static final String HTML = "text/html; charset=utf-8";
  private static final String SCREEN = "/screen";
  private static final Set<String> PATHS = Set.of("/", "/status", SCREEN);

  private final Supplier<PageView> view;
  private final PageText text;
  private final Map<String, String> commonHeaders;

  /**
   * A page.
   *
   * @param view what the hub shows at the moment of a request
   */
  public HubPage(HubFacts facts, Supplier<PageView> view) {
    this.view = view;
    this.text = new PageText(facts);
    this.commonHeaders = commonHeaders(text);
  }

  /** The answer to any request. */
  public PageAnswer answer(PageRequest request) {
    if (!PATHS.contains(request.path())
        || (request.path().equals(SCREEN) && !OwnScreen.asks(request))) {
      // The same for both: a visitor learns nothing from asking for the screen.
      return plain(404, "not found");
    }
    if (!request.method().equals("GET") && !request.method().equals("HEAD")) {
      PageAnswer refused = plain(405, "only GET is possible here");
      return with(refused, "Allow", "GET, HEAD");
    }
    PageView now = view.get();
    Language language = Language.of(request.header("accept-language"));
    return switch (request.path()) {
      case "/" -> html(text.page(now, language, OwnScreen.asks(request)), language);
      case SCREEN -> html(text.screen(now, language), language);
      default -> answer(200, "application/json", text.status(now));
    };
  }

  private PageAnswer html(String body, Language language) {
    PageAnswer answer = with(answer(200, HTML, body), "Content-Language", language.tag());
    return with(answer, "Vary", "Accept-Language");
  }

  private PageAnswer plain(int status, String body) {
    return answer(status, "text/plain; charset=utf-8", body + "\n");
  }

  private PageAnswer answer(int status, String type, String body) {
    return with(new PageAnswer(status, commonHeaders, body), "Content-Type", type);
  }

  private static PageAnswer with(PageAnswer answer, String name, String value) {
    var headers = new TreeMap<>(answer.headers());
    headers.put(name, value);
    return new PageAnswer(answer.status(), headers, answer.body());
  }

  private static Map<String, String> commonHeaders(PageText text) {
    return Map.of(
        "Content-Security-Policy",
        String.join(
            "; ",
            "default-src 'none'",
            "script-src " + sourceHash(text.script()),
            "style-src " + sourceHash(text.style()),
            "img-src data:",
            "connect-src 'self'",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'"),
        "Cross-Origin-Opener-Policy",
        "same-origin",
        // What another site's page asks for on its visitor's behalf, that page shall not read.
        "Cross-Origin-Resource-Policy",
        "same-origin",
        "X-Content-Type-Options",
        "nosniff",
        "Referrer-Policy",
        "no-referrer",
        "Cache-Control",
        "no-store");
  }

  /** CSP Level 3 §2.3.1: what is written into the page is named by its hash, all else is out. */
  private static String sourceHash(String source) {
    byte[] hash = Sha256.of(source.getBytes(UTF_8)).bytes();
    return "'sha256-" + Base64.getEncoder().encodeToString(hash) + "'";
  }

  /** The languages that the page speaks. */
  enum Language {
    ENGLISH("en"),
    GERMAN("de");

    private final String tag;

    Language(String tag) {
      this.tag = tag;
    }

    String tag() {
      return tag;
    }

    /** RFC 9110 §12.5.4; English for whoever asks for neither, or in words that mean nothing. */
    static Language of(Optional<String> accepted) {
      return accepted.flatMap(AcceptedLanguages::best).orElse(ENGLISH);
    }
  }
}
