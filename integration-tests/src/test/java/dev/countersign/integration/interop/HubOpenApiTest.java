// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.integration.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.hub.Hub;
import dev.countersign.hub.HubOptions;
import dev.countersign.hub.example.DoorAndThermostat;
import dev.countersign.integration.Program;
import dev.countersign.integration.Program.Run;
import dev.countersign.integration.TlsIdentity;
import dev.countersign.integration.hub.TestMaker;
import dev.countersign.integration.hub.TestPhone;
import dev.countersign.integration.hub.TestPhone.Line;
import dev.countersign.integration.hub.TestPhone.Reply;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

@TestInstance(Lifecycle.PER_CLASS)
@DisplayName("The OpenAPI document of the hub says what a hub does")
class HubOpenApiTest {
  private static final Path ROOT = Path.of(System.getProperty("countersign.root", "."));
  private static final Path DOCUMENT = ROOT.resolve("docs/openapi/hub.yaml");
  private static final Path SOURCES = ROOT.resolve("hub/src/main/java/dev/countersign/hub");

  /** Fixed, so that a failure can be repeated. */
  private static final String SEED = "20261122";

  private static final Set<String> METHODS = Set.of("get", "put", "post", "delete", "patch");

  /** Not there without the right method, a WebSocket's word, or a loopback name for a host. */
  private static final Set<String> HIDDEN = Set.of("/v1/events", "/screen");

  private static final List<String> PROTOCOLS = List.of("cs-pair/1", "cs/1", "http/1.1");

  private final JsonNode document = read();
  private Path scratch;
  private Hub hub;
  private TestPhone owner;

  private static JsonNode read() {
    try {
      return new YAMLMapper().readTree(Files.readString(DOCUMENT));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @BeforeAll
  void startHub(@TempDir Path directory) throws Exception {
    scratch = directory;
    TestMaker.provision(scratch.resolve("hub"), new TestMaker().identity());
    hub =
        Hub.open(HubOptions.of(scratch.resolve("hub"), 0), new DoorAndThermostat(System::nanoTime));
    owner = new TestPhone("Owner").pair(hub.port(), hub.panel().screen().orElseThrow().code());
  }

  @AfterAll
  void stopHub() throws IOException {
    if (hub != null) {
      hub.close();
    }
  }

  private @Nullable TlsIdentity identityFor(String protocol) {
    return protocol.equals("cs/1") ? owner.identity() : null;
  }

  private Line connect(String protocol) throws IOException {
    return Line.open(hub.port(), protocol, identityFor(protocol));
  }

  private static List<String> documentedMethods(JsonNode path) {
    return path.propertyNames().stream().filter(METHODS::contains).toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"cs-pair/1", "cs/1", "http/1.1"})
  @DisplayName("each documented path answers over its protocol, and over no other")
  void has_documented_paths(String protocol) throws IOException {
    for (var path : document.path("paths").properties()) {
      boolean its = path.getValue().path("x-alpn").asString().equals(protocol);
      String concrete = path.getKey().replaceAll("\\{\\w+}", "0123456789abcdef");
      try (Line line = connect(protocol)) {
        Reply reply = line.send("OPTIONS", concrete, "text/plain", new byte[0]);
        int expected = its && !HIDDEN.contains(concrete) ? 405 : 404;
        assertThat(reply.status()).as("%s over %s", concrete, protocol).isEqualTo(expected);
        if (expected == 405) {
          assertThat(reply.headers().getOrDefault("Allow", "").toLowerCase(Locale.ROOT).split(", "))
              .as("RFC 9110 §15.5.6: the methods of %s", concrete)
              .containsAll(documentedMethods(path.getValue()));
        }
      }
    }
  }

  @Test
  @DisplayName("each method of each route in the code is documented, and no other")
  void documents_routes() throws IOException {
    var coded = new TreeSet<String>(Set.of("GET /v1/events")); // EventStreams
    Pattern word = Pattern.compile("\"(/v1/[a-z-]+|GET|POST|PUT|PATCH|DELETE)\"");
    for (String file : List.of("AboutRoutes", "DeviceRoutes", "HouseholdRoutes")) {
      String source = Files.readString(SOURCES.resolve("gateway/" + file + ".java"));
      String path = "";
      // Each path is followed by its methods; the last ones are those of one phone.
      for (Matcher each = word.matcher(source.split("onePhone\\(\\)", 2)[0]); each.find(); ) {
        if (each.group(1).startsWith("/")) {
          path = each.group(1);
        } else {
          coded.add(each.group(1) + " " + path);
        }
      }
    }
    Pattern pairing = Pattern.compile("case \"((?:GET|POST) /[a-z/]+)\"");
    pairing
        .matcher(Files.readString(SOURCES.resolve("gateway/PairingRoutes.java")))
        .results()
        .forEach(found -> coded.add(found.group(1)));
    coded.addAll(Set.of("DELETE /v1/phones/{id}", "PATCH /v1/phones/{id}", "POST /confirm"));
    coded.addAll(Set.of("GET /", "GET /status", "GET /screen"));
    var documented = new TreeSet<String>();
    for (var path : document.path("paths").properties()) {
      path.getValue().propertyNames().stream()
          .filter(METHODS::contains)
          .forEach(each -> documented.add(each.toUpperCase(Locale.ROOT) + " " + path.getKey()));
    }
    assertThat(documented).isEqualTo(coded);
  }

  @Test
  @DisplayName("each field of each answer is documented, and required")
  void documents_fields() throws IOException {
    assertFields("PairingStatus", get("cs-pair/1", "/pair"));
    assertFields("PageStatus", get("http/1.1", "/status"));
    assertFields("Confirmed", owner.send(hub.port(), "POST", "/confirm", "").json());
    assertFields("About", get("cs/1", "/v1/hub"));
    assertFields("Phone", get("cs/1", "/v1/phones").path(0));
    assertFields("Command", get("cs/1", "/v1/commands").path(0));
  }

  private JsonNode get(String protocol, String path) throws IOException {
    try (Line line = connect(protocol)) {
      Reply reply = line.get(path);
      assertThat(reply.status()).as(reply.toString()).isEqualTo(200);
      return reply.json();
    }
  }

  private void assertFields(String schema, JsonNode answer) {
    JsonNode documented = document.path("components").path("schemas").path(schema);
    assertThat(documented.path("properties").propertyNames())
        .as(schema)
        .containsExactlyInAnyOrderElementsOf(answer.propertyNames());
    assertThat(documented.path("required").valueStream().map(JsonNode::asString))
        .as("%s, required", schema)
        .containsExactlyInAnyOrderElementsOf(answer.propertyNames());
  }

  @Test
  @DisplayName("every problem type in the code is explained in hub.md, and no other")
  void explains_every_problem() throws IOException {
    Pattern made =
        Pattern.compile(
            "problem\\(\\s*\\d{3},\\s*(?:certainly \\? )?\"([a-z-]+)\"(?: : \"([a-z-]+)\")?");
    var types = new TreeSet<String>();
    try (Stream<Path> files = Files.walk(SOURCES.resolve("gateway"))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
        for (Matcher found = made.matcher(Files.readString(file)); found.find(); ) {
          types.add(found.group(1));
          if (found.group(2) != null) {
            types.add(found.group(2));
          }
        }
      }
    }
    String guide = Files.readString(ROOT.resolve("docs/hub.md"));
    int begin = guide.indexOf("## Problem types");
    var explained = new TreeSet<String>();
    Pattern row = Pattern.compile("^\\| `([a-z-]+)` \\| \\d{3} \\|", Pattern.MULTILINE);
    for (Matcher found = row.matcher(guide.substring(begin)); found.find(); ) {
      explained.add(found.group(1));
    }
    assertThat(types).hasSizeGreaterThan(12).isEqualTo(explained);
  }

  @ParameterizedTest
  @ValueSource(strings = {"cs-pair/1", "cs/1", "http/1.1"})
  @DisplayName("Schemathesis finds no answer that is not documented")
  void conforms(String protocol) throws Exception {
    Path directory = Files.createDirectory(scratch.resolve("s" + PROTOCOLS.indexOf(protocol)));
    Program schemathesis = Program.in(directory, "schemathesis");
    for (String file : List.of("countersign_hooks.py", "hub.toml")) {
      Files.copy(
          ROOT.resolve("integration-tests/src/test/schemathesis").resolve(file),
          directory.resolve(file));
    }
    try (var forwarder = new Forwarder(protocol)) {
      var words = new ArrayList<>(List.of("--config-file", "hub.toml", "run"));
      words.add(DOCUMENT.toAbsolutePath().toString());
      words.addAll(List.of("--url", "http://127.0.0.1:" + forwarder.port()));
      words.addAll(List.of("--include-path-regex", paths(protocol)));
      words.addAll(List.of("--phases", "examples,coverage,fuzzing", "--max-examples", "8"));
      words.addAll(List.of("--seed", SEED, "--generation-database", "none", "--no-color"));
      Run run = schemathesis.run(words.toArray(String[]::new));
      assertThat(run.exitCode()).as(shortened(run.output())).isZero();
      assertThat(run.out()).as("each operation was tried").doesNotContain("Tested: 0");
    }
  }

  /** The paths of a protocol; the WebSocket has its own tests. */
  private String paths(String protocol) {
    var paths = new ArrayList<String>();
    for (var path : document.path("paths").properties()) {
      if (path.getValue().path("x-alpn").asString().equals(protocol)
          && !path.getKey().equals("/v1/events")) {
        paths.add(path.getKey().replace("{id}", "\\{id\\}"));
      }
    }
    return "^(" + String.join("|", paths) + ")$";
  }

  private static String shortened(String output) {
    return output
        .lines()
        .map(line -> line.length() > 300 ? line.substring(0, 300) + "…" : line)
        .limit(200)
        .collect(Collectors.joining("\n"));
  }

  /** Carries plain HTTP to the hub, as its owner's phone: no HTTP client speaks ALPN cs/1. */
  private final class Forwarder implements AutoCloseable {
    private final String protocol;
    private final ServerSocket listener;

    Forwarder(String protocol) throws IOException {
      this.protocol = protocol;
      this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
      Thread.ofVirtual().start(this::listen);
    }

    int port() {
      return listener.getLocalPort();
    }

    private void listen() {
      while (!listener.isClosed()) {
        try {
          Socket from = listener.accept();
          Thread.ofVirtual().start(() -> carry(from));
        } catch (IOException e) {
          return; // closed
        }
      }
    }

    private void carry(Socket from) {
      try (from;
          Line to = connect(protocol)) {
        Thread back =
            Thread.ofVirtual()
                .start(() -> {
                  try (from) {
                    pump(to.socket().getInputStream(), from.getOutputStream());
                  } catch (IOException e) {
                    // the client went first
                  }
                });
        pump(from.getInputStream(), to.socket().getOutputStream());
        to.socket().shutdownOutput();
        back.join();
      } catch (IOException e) {
        // either side went
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    private static void pump(InputStream from, OutputStream to) throws IOException {
      from.transferTo(to);
    }

    @Override
    public void close() throws IOException {
      listener.close();
    }
  }
}
