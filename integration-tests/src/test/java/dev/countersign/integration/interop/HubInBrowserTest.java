// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.integration.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.countersign.hub.Hub;
import dev.countersign.hub.HubOptions;
import dev.countersign.hub.announcement.Interfaces;
import dev.countersign.hub.example.DoorAndThermostat;
import dev.countersign.hub.identity.HubIdentity;
import dev.countersign.integration.Program;
import dev.countersign.integration.hub.TestMaker;
import dev.countersign.protocol.SecretAccess;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("A hub's page in Chromium")
class HubInBrowserTest {
  /** A test that waits for the page to look again waits no longer than this. */
  private static final Duration SOON = Duration.ofSeconds(20);

  /** WCAG 2.1 §1.4.3: the contrast of each text with what is behind it, and the least of them. */
  private static final String LEAST_CONTRAST =
      """
      const channels = c => c.match(/[\\d.]+/g).map(Number);
      const linear = v => (v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
      const light = c => 0.2126 * linear(c[0]) + 0.7152 * linear(c[1]) + 0.0722 * linear(c[2]);
      const behind = e => {
        for (; e; e = e.parentElement) {
          const c = channels(getComputedStyle(e).backgroundColor);
          if (c.length < 4 || c[3] > 0) return c;
        }
        return [255, 255, 255];
      };
      let least = 21;
      for (const e of document.querySelectorAll('main *')) {
        if (![...e.childNodes].some(n => n.nodeType === 3 && n.data.trim())) continue;
        if (!e.getClientRects().length || e.closest('svg')) continue;
        const a = light(channels(getComputedStyle(e).color)), b = light(behind(e));
        least = Math.min(least, (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05));
      }
      return least;
      """;

  @TempDir private Path scratch;

  private Hub hub;

  @BeforeEach
  void start() throws Exception {
    HubIdentity identity = new TestMaker().identity();
    TestMaker.provision(scratch.resolve("hub"), identity);
    HubOptions options = HubOptions.of(scratch.resolve("hub"), 0).named("Front door");
    hub = Hub.open(options, new DoorAndThermostat(System::nanoTime));
  }

  @AfterEach
  void stop() throws IOException {
    hub.close();
  }

  private String at(String host, String path) {
    return "https://" + host + ":" + hub.port() + path;
  }

  private String code() {
    return hub.panel().screen().orElseThrow().code().text(SecretAccess.insecure());
  }

  private String manualCode() {
    String digits = hub.panel().screen().orElseThrow().manual().digits(SecretAccess.insecure());
    return digits.substring(0, 5) + " " + digits.substring(5);
  }

  @Test
  @DisplayName("says what the device is and counts down, at 320 pixels, light and dark, in silence")
  void shows_the_page() throws IOException {
    try (Chromium browser = Chromium.start(scratch, "en")) {
      browser.resize(320, 640);
      browser.open(at("localhost", "/"));
      assertThat(browser.text())
          .contains(
              "Front door",
              "Phones can be paired now.",
              "Nobody owns it yet",
              hub.identity().id().toString(),
              hub.identity().keyHash().hex().substring(0, 4))
          .doesNotContain("Phones cannot be paired now.");
      Object first = browser.script("return document.getElementById('left').textContent");
      await()
          .atMost(SOON)
          .until(() ->
              !browser.script("return document.getElementById('left').textContent").equals(first));
      assertThat(browser.script("return innerWidth")).isEqualTo(320L);
      assertThat(
              browser.script(
                  "const e = document.documentElement; return e.scrollWidth > e.clientWidth"))
          .as("whether one has to scroll sideways")
          .isEqualTo(false);
      for (String scheme : new String[] {"light", "dark"}) {
        browser.prefer(scheme);
        assertThat(((Number) browser.script(LEAST_CONTRAST)).doubleValue())
            .as("contrast, %s", scheme)
            .isBetween(4.5, 20.9);
      }
      assertThat(browser.script("return getComputedStyle(document.body).backgroundColor"))
          .isEqualTo("rgb(16, 22, 29)");
      assertThat(browser.script("return document.querySelectorAll('svg:not([role=img])').length"))
          .isEqualTo(0L);
      assertThat(browser.complaints()).isEmpty();
    }
  }

  @Test
  @DisplayName("has nothing that controls: no form, no button, and no request but to look again")
  void controls_nothing() {
    try (Chromium browser = Chromium.start(scratch, "de")) {
      browser.open(at("localhost", "/"));
      assertThat(browser.text()).contains("Telefon koppeln", "Steuern lässt sich von hier nichts");
      assertThat(browser.script("return document.documentElement.lang")).isEqualTo("de");
      assertThat(
              browser.script(
                  "return document.querySelectorAll('form,button,input,select,iframe').length"))
          .isEqualTo(0L);
      await()
          .atMost(SOON)
          .until(() ->
              browser
                  .script("return performance.getEntriesByType('resource').map(e => e.name).join()")
                  .toString()
                  .contains("/status"));
      assertThat(
              browser.script(
                  "return [...new Set(performance.getEntriesByType('resource').filter(e =>"
                      + " e.name.startsWith('http')).map(e => new URL(e.name).pathname))].join()"))
          .isEqualTo("/status");
      assertThat(browser.complaints()).isEmpty();
      // The policy holds: what was not in the page does not run. The control: it can complain.
      browser.script(
          "const s = document.createElement('script');"
              + " s.textContent = 'document.title = \"taken\"'; document.body.append(s);");
      assertThat(browser.script("return document.title")).isEqualTo("Front door");
      assertThat(browser.complaints()).anyMatch(line -> line.contains("Content Security Policy"));
    }
  }

  @Test
  @DisplayName("a foreign decoder reads the code from the device's own screen, and each next one")
  void shows_the_code_on_the_device() throws IOException {
    Program zbar = Program.in(scratch, "zbarimg");
    try (Chromium browser = Chromium.start(scratch, "en")) {
      browser.resize(800, 1000); // with room below, so that a code that stays would be read
      browser.open(at("localhost", "/"));
      browser.script("document.querySelector('a[href=\"/screen\"]').click()");
      await().atMost(SOON).until(() -> browser.text().contains(manualCode()));
      await().atMost(SOON).untilAsserted(() -> assertThat(read(browser, zbar)).isEqualTo(code()));
      String before = code();
      hub.panel().reset(); // all codes are void, and there is a new window
      await()
          .atMost(SOON)
          .untilAsserted(
              () -> assertThat(read(browser, zbar)).isEqualTo(code()).isNotEqualTo(before));
      assertThat(browser.complaints()).isEmpty();
      hub.close();
      await().atMost(SOON).until(() -> browser.text().contains("does not answer"));
      assertThat(read(browser, zbar)).as("a code that counts no more").isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({"480,320", "800,480", "1024,600", "1080,1920"})
  @DisplayName("the code can be read, and its digits, on each size of display without scrolling")
  void fits_displays(int width, int height) throws IOException {
    Program zbar = Program.in(scratch, "zbarimg");
    try (Chromium browser = Chromium.start(scratch, "de")) {
      browser.resize(width, height);
      browser.open(at("localhost", "/screen"));
      assertThat(read(browser, zbar)).isEqualTo(code());
      assertThat(
              browser.script(
                  "return document.querySelector('.digits').getBoundingClientRect().bottom"
                      + " <= innerHeight"))
          .isEqualTo(true);
    }
  }

  @Test
  @DisplayName("a visitor of the hotspot finds no code: not on the page, and no screen")
  void shows_no_code_to_visitors() throws IOException {
    Program zbar = Program.in(scratch, "zbarimg");
    Optional<InetAddress> visited =
        Interfaces.reachable().stream().filter(Inet4Address.class::isInstance).findFirst();
    Assumptions.assumeTrue(visited.isPresent(), "this machine has no network");
    String host = visited.get().getHostAddress();
    try (Chromium browser = Chromium.start(scratch, "en")) {
      for (String path : new String[] {"/", "/status", "/screen"}) {
        browser.open(at(host, path));
        assertThat(browser.script("return document.documentElement.outerHTML").toString())
            .as(path)
            .doesNotContain(code(), manualCode(), manualCode().replace(" ", ""));
        assertThat(read(browser, zbar)).as(path).isEmpty();
      }
      assertThat(browser.text()).isEqualToIgnoringWhitespace("not found");
      browser.open(at(host, "/"));
      assertThat(browser.text()).doesNotContain("Show the code on this screen");
    }
  }

  private String read(Chromium browser, Program zbar) throws IOException {
    Path picture = scratch.resolve("screen.png");
    browser.photograph(picture);
    return zbar.run("--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", picture.toString())
        .out()
        .strip();
  }
}
