// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.hub.page;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.hub.qr.QrPicture;
import dev.countersign.protocol.SecretAccess;
import dev.countersign.protocol.Sha256;
import dev.countersign.protocol.pairing.HubId;
import dev.countersign.protocol.pairing.ManualCode;
import dev.countersign.protocol.pairing.PairingCode;
import dev.countersign.protocol.pairing.PairingSecret;
import dev.countersign.protocol.pairing.Role;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@DisplayName("The hub's page")
class HubPageTest {
  private static final HubId ID = HubId.wrap(new byte[] {1, 35, 69, 103, -119, -85, -51, -17});
  private static final Sha256 KEY = Sha256.of(new byte[] {1});
  private static final Sha256 ROOT = Sha256.of(new byte[] {2});
  private static final Map<String, String> LOCAL = Map.of("Host", "localhost:8443");

  private final PairingCode code =
      new PairingCode(
          PairingCode.Place.SCREEN,
          false,
          Role.OWNER,
          ID,
          PairingSecret.random(new SecureRandom()),
          KEY);
  private final ManualCode manual = ManualCode.random(new SecureRandom());

  private PageView view = open();
  private final HubPage page = page("Front door");

  private HubPage page(String name) {
    return new HubPage(new HubFacts(name, "Door & thermostat", "SN-1", ID, KEY, ROOT), () -> view);
  }

  private PageView open() {
    var window = new PageView.Window(code, manual, Duration.ofSeconds(60), Duration.ofSeconds(97));
    return new PageView(false, Optional.of(window));
  }

  private PageAnswer get(String path, boolean loopback, Map<String, String> headers) {
    return page.answer(new PageRequest("GET", path, headers, loopback));
  }

  private List<String> secrets() {
    String text = code.text(SecretAccess.insecure());
    byte[] secret = code.secret().bytes(SecretAccess.insecure());
    String digits = manual.digits(SecretAccess.insecure());
    return List.of(
        text,
        text.substring(20, 45),
        Base64.getEncoder().encodeToString(secret),
        HexFormat.of().formatHex(secret),
        digits,
        digits.substring(0, 5) + " " + digits.substring(5));
  }

  @Test
  @DisplayName("says what this device is, its key in groups, and that a window is open")
  void says_what_it_is() {
    PageAnswer answer = get("/", false, Map.of());
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.headers()).containsEntry("Content-Type", "text/html; charset=utf-8");
    assertThat(answer.body())
        .contains(
            "<html lang=\"en\">",
            "<h1>Front door</h1>",
            "Door &amp; thermostat",
            "<code>0123456789abcdef</code>",
            KEY.hex().substring(0, 4) + " " + KEY.hex().substring(4, 8),
            "<span id=\"left\">97</span>",
            "Nobody owns it yet",
            "<svg",
            "id=\"closed\" hidden",
            "id=\"opened\" ")
        .doesNotContain("id=\"opened\" hidden");
    view = new PageView(true, Optional.empty());
    assertThat(get("/", false, Map.of()).body())
        .contains("It has an owner.", "id=\"opened\" hidden")
        .doesNotContain("id=\"closed\" hidden");
  }

  @Test
  @DisplayName("a visitor of the hotspot gets the code in no way, while a window is open")
  void keeps_the_code_from_visitors() {
    for (String path : List.of("/", "/status", "/screen", "/screen?", "/screen/", "//screen")) {
      PageAnswer answer = get(path, false, LOCAL);
      assertThat(answer.body() + answer.headers()).as(path).doesNotContain(secrets());
    }
    assertThat(get("/screen", false, LOCAL)).isEqualTo(get("/nothing", false, LOCAL));
    assertThat(get("/", true, LOCAL).body()).as("on the device").doesNotContain(secrets());
    assertThat(get("/status", true, LOCAL).body()).doesNotContain(secrets());
    // The control: on the device's own screen it is there.
    assertThat(get("/screen", true, LOCAL).body())
        .contains(
            "aria-label=\"QR code that pairs a phone\"",
            secrets().getLast(),
            QrPicture.of(secrets().getFirst()).svg("QR code that pairs a phone"));
  }

  @ParameterizedTest
  @CsvSource({
    "Forwarded,for=192.0.2.1",
    "X-Forwarded-For,192.0.2.1",
    "x-real-ip,192.0.2.1",
    "VIA,1.1 proxy",
    "X-Forwarded-Host,door.local",
    "Sec-Fetch-Site,cross-site",
    "Sec-Fetch-Site,same-site",
    "Host,evil.example",
    "Host,evil.example:8443",
    "Host,localhost.evil.example",
    "Host,127.0.0.1.evil.example:8443",
    "Host,''"
  })
  @DisplayName("a proxy on the device, a foreign site and a foreign name are not its screen")
  void refuses_what_comes_through(String name, String value) {
    var headers = new HashMap<>(LOCAL);
    headers.put(name, value);
    PageAnswer answer = get("/screen", true, headers);
    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.body()).doesNotContain(secrets());
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "localhost:8443", "127.0.0.1:8443", "[::1]:8443", "[::1]"})
  @DisplayName("a browser on the device sees its screen by each name of the loopback")
  void shows_the_screen(String host) {
    assertThat(get("/screen", true, Map.of("host", host, "sec-fetch-site", "none")).status())
        .isEqualTo(200);
    assertThat(get("/screen", true, Map.of()).status()).as("no Host").isEqualTo(404);
  }

  @Test
  @DisplayName("without a window the screen shows how to open one, and no code")
  void shows_no_old_code() {
    view = new PageView(true, Optional.empty());
    PageAnswer answer = get("/screen", true, LOCAL);
    assertThat(answer.body())
        .contains("Press the button", "id=\"code\" hidden")
        .doesNotContain("aria-label=\"QR code")
        .doesNotContain(secrets());
  }

  @Test
  @DisplayName("the policy names style and script by their hashes, and lets nothing else in")
  void has_a_strict_policy() throws Exception {
    for (String path : List.of("/", "/screen")) {
      PageAnswer answer = get(path, true, LOCAL);
      String policy = Objects.requireNonNull(answer.headers().get("Content-Security-Policy"));
      assertThat(policy)
          .contains(
              "default-src 'none'",
              "frame-ancestors 'none'",
              "base-uri 'none'",
              "form-action 'none'",
              "style-src " + hash(inside(answer.body(), "style")) + ";",
              "script-src " + hash(inside(answer.body(), "script")) + ";")
          .doesNotContain("unsafe", "*", "http:", "https:");
      assertThat(answer.body())
          .doesNotContain("style=", "onclick", "onload", "javascript:", "<form", "<input")
          .doesNotContain("<button", "<iframe", "http-equiv=\"refresh\" content=\"0")
          .doesNotContainPattern("(src|href)=\"(?!data:,|/screen\")");
    }
    for (PageAnswer each :
        List.of(
            get("/", false, Map.of()),
            get("/status", false, Map.of()),
            get("/nothing", false, Map.of()),
            page.answer(new PageRequest("POST", "/", Map.of(), false)))) {
      assertThat(each.headers())
          .containsKeys("Content-Security-Policy", "Content-Type")
          .containsEntry("X-Content-Type-Options", "nosniff")
          .containsEntry("Referrer-Policy", "no-referrer")
          .containsEntry("Cross-Origin-Resource-Policy", "same-origin")
          .containsEntry("Cache-Control", "no-store");
    }
  }

  private static String inside(String html, String element) {
    Matcher found =
        Pattern.compile("<" + element + ">(.*?)</" + element + ">", Pattern.DOTALL).matcher(html);
    assertThat(found.find()).isTrue();
    String content = found.group(1);
    assertThat(found.find()).as("a second <%s>", element).isFalse();
    return content;
  }

  private static String hash(String source) throws Exception {
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(source.getBytes(UTF_8));
    return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
  }

  @Test
  @DisplayName("a name cannot bring markup into the page")
  void escapes_names() {
    PageAnswer answer =
        page("\"><script>alert(1)</script>'$1${style}")
            .answer(new PageRequest("GET", "/", Map.of(), false));
    assertThat(answer.body())
        .doesNotContain("<script>alert")
        .contains("&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&#39;$1${style}");
  }

  @Test
  @DisplayName("/status has public facts alone")
  void has_a_status() {
    PageAnswer answer = get("/status", false, Map.of());
    assertThat(answer.headers()).containsEntry("Content-Type", "application/json");
    JsonNode status = JsonMapper.shared().readTree(answer.body());
    assertThat(status.propertyNames())
        .containsExactlyInAnyOrder(
            "name", "model", "hubId", "keySha256", "owned", "open", "closesInSeconds");
    assertThat(status.path("closesInSeconds").intValue()).isEqualTo(97);
    assertThat(status.path("open").booleanValue()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"POST", "PUT", "DELETE", "PATCH", "OPTIONS", "CONNECT", "TRACE", "get"})
  @DisplayName("takes no method but GET and HEAD")
  void refuses_other_methods(String method) {
    PageAnswer answer = page.answer(new PageRequest(method, "/", Map.of(), false));
    assertThat(answer.status()).isEqualTo(405);
    assertThat(answer.headers()).containsEntry("Allow", "GET, HEAD");
    assertThat(page.answer(new PageRequest(method, "/screen", LOCAL, false)).status())
        .isEqualTo(404);
    assertThat(page.answer(new PageRequest("HEAD", "/", Map.of(), false)).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "de|de",
        "de-AT,en;q=0.5|de",
        "en;q=0.2, de;q=0.9|de",
        "en-GB,en;q=0.9,de;q=0.8|en",
        "fr|en",
        "*|en",
        "q=;;,|en",
        "''|en"
      })
  @DisplayName("speaks the language that the browser wants most, else English")
  void speaks_languages(String accepted, String language) {
    PageAnswer answer = get("/", false, Map.of("Accept-Language", accepted));
    assertThat(answer.body()).contains("<html lang=\"" + language + "\">");
    assertThat(answer.headers())
        .containsEntry("Content-Language", language)
        .containsEntry("Vary", "Accept-Language");
    assertThat(get("/", false, Map.of("Accept-Language", "de,".repeat(1000))).body())
        .contains("lang=\"en\"");
  }

  @Test
  @DisplayName("both languages have the same words, and every hole is filled")
  void has_all_words() {
    assertThat(Resource.properties("words_de.properties").keySet())
        .isEqualTo(Resource.properties("words_en.properties").keySet());
    for (String language : List.of("de", "en")) {
      for (String path : List.of("/", "/screen")) {
        var headers = new HashMap<>(LOCAL);
        headers.put("Accept-Language", language);
        assertThat(get(path, true, headers).body()).doesNotContain("${", "$!{");
      }
    }
  }
}
