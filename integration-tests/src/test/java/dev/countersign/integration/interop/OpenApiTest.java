// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.integration.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.integration.Answer;
import dev.countersign.integration.HttpsConnection;
import dev.countersign.integration.MutableClock;
import dev.countersign.integration.OperatorCalls;
import dev.countersign.integration.Program;
import dev.countersign.integration.Program.Run;
import dev.countersign.integration.TestDevice;
import dev.countersign.integration.TestServer;
import dev.countersign.integration.TlsIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

@TestInstance(Lifecycle.PER_CLASS)
@DisplayName("The OpenAPI documents say what the server does")
class OpenApiTest {
  private static final Path ROOT = Path.of(System.getProperty("countersign.root", "."));
  private static final Path SOURCES = ROOT.resolve("server/src/main/java/dev/countersign/server");
  private static final Path SCHEMATHESIS = ROOT.resolve("integration-tests/src/test/schemathesis");

  /** Fixed, so that a failure can be repeated. */
  private static final String SEED = "20261122";

  private static final Set<String> METHODS = Set.of("get", "put", "post", "delete", "patch");

  /** No route has it, so that the answer is 405 and names those that there are. */
  private static final String NO_METHOD = "OPTIONS";

  private Path scratch;
  private TestServer server;
  private TestDevice device;

  @BeforeAll
  void startServer(@TempDir Path directory) throws Exception {
    scratch = directory;
    server = TestServer.start(scratch.resolve("data"), MutableClock.atMachineTime());
    device = server.enrol("OA-1");
    OperatorCalls operator = server.operator();
    // Beyond the versions that a program tries first: nobody shall wait a minute for the next one.
    for (int version = 1; version <= 12; version++) {
      operator.set("OA-1", "{\"interval\":" + version + "}");
    }
  }

  @AfterAll
  void stopServer() {
    if (server != null) {
      server.close();
    }
  }

  private static JsonNode document(String name) throws IOException {
    return new YAMLMapper().readTree(Files.readString(documentPath(name)));
  }

  private static Path documentPath(String name) {
    return ROOT.resolve("docs/openapi/" + name + ".yaml");
  }

  @Test
  @DisplayName("the device API has the documented routes and no others")
  void documents_device_routes() throws IOException {
    try (HttpsConnection connection = device.connect()) {
      assertRoutes("device", "gateway/http/DeviceApi.java", connection);
    }
  }

  @Test
  @DisplayName("the operator API has the documented routes and no others")
  void documents_operator_routes() throws Exception {
    try (HttpsConnection connection = server.operator().connect()) {
      assertRoutes("operator", "console/OperatorApi.java", connection);
    }
  }

  /** All that is documented is there; and as many are there as are documented. */
  private static void assertRoutes(String document, String source, HttpsConnection connection)
      throws IOException {
    var paths = document(document).path("paths").properties();
    int documented = 0;
    for (var path : paths) {
      documented += methods(path.getValue()).size();
      String concrete = path.getKey().replaceAll("[{}]", "");
      var expected = new TreeSet<String>();
      for (var other : paths) {
        // A device may be called "import".
        if (concrete.matches(other.getKey().replaceAll("\\{\\w+}", "[^/]+"))) {
          expected.addAll(methods(other.getValue()));
        }
      }
      Answer answer = connection.send(NO_METHOD, concrete, "").expect(405);
      assertThat(answer.header("Allow")).as(concrete).hasValue(String.join(", ", expected));
    }
    long routes = Files.readString(SOURCES.resolve(source)).split("\\.on\\(", -1).length - 1L;
    assertThat(routes).as("routes in %s", source).isEqualTo(documented);
  }

  private static Set<String> methods(JsonNode path) {
    return path.propertyNames().stream()
        .filter(METHODS::contains)
        .map(method -> method.toUpperCase(Locale.ROOT))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  @DisplayName("every problem type in the code is explained in operations.md, and no other")
  void explains_every_problem() throws IOException {
    Pattern made = Pattern.compile("\\b(?:of\\(\\s*\\d{3},|conflict\\()\\s*\"([a-z-]+)\"");
    var types = new TreeSet<String>();
    try (Stream<Path> files = Files.walk(SOURCES)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
        String text = Files.readString(file);
        if (text.contains("Problem")) {
          for (Matcher found = made.matcher(text); found.find(); ) {
            types.add(found.group(1));
          }
        }
      }
    }
    String operations = Files.readString(ROOT.resolve("docs/operations.md"));
    int begin = operations.indexOf("## Problem types");
    int end = operations.indexOf("\n## ", begin + 1);
    var explained = new TreeSet<String>();
    Pattern row = Pattern.compile("^\\| `([a-z-]+)` \\| (?:\\d{3}|closed) \\|", Pattern.MULTILINE);
    for (Matcher found = row.matcher(operations.substring(begin, end)); found.find(); ) {
      explained.add(found.group(1));
    }
    assertThat(types).hasSizeGreaterThan(15).isEqualTo(explained);
  }

  @Test
  @DisplayName("Schemathesis finds no answer of the device API that is not documented")
  void device_api_conforms() throws IOException {
    examine("device", device.identity(), server.devicePort());
  }

  @Test
  @DisplayName("Schemathesis finds no answer of the operator API that is not documented")
  void operator_api_conforms() throws Exception {
    examine("operator", server.operator().identity(), server.operatorPort());
  }

  private void examine(String document, TlsIdentity identity, int port) throws IOException {
    Path directory = Files.createDirectory(scratch.resolve(document));
    Program schemathesis = Program.in(directory, "schemathesis");
    for (String file : List.of("schemathesis.toml", "countersign_hooks.py")) {
      Files.copy(SCHEMATHESIS.resolve(file), directory.resolve(file));
    }
    Files.writeString(directory.resolve("client.pem"), identity.insecureToPem());
    var words = new ArrayList<>(List.of("--config-file", "schemathesis.toml", "run"));
    words.add(documentPath(document).toAbsolutePath().toString());
    words.addAll(List.of("--url", "https://localhost:" + port));
    words.addAll(List.of("--tls-verify", server.directory().root().toString()));
    words.addAll(List.of("--request-cert", "client.pem"));
    words.addAll(List.of("--phases", "examples,coverage,fuzzing", "--max-examples", "8"));
    words.addAll(List.of("--seed", SEED, "--generation-database", "none", "--no-color"));
    Run run = schemathesis.run(words.toArray(String[]::new));
    assertThat(run.exitCode()).as(shortened(run.output())).isZero();
    assertThat(run.out()).as("each operation was tried").doesNotContain("Tested: 0");
  }

  /** A request that was too large is shown whole. */
  private static String shortened(String output) {
    return String.join(
        "\n",
        Arrays.stream(output.split("\n"))
            .map(line -> line.length() > 300 ? line.substring(0, 300) + "…" : line)
            .toList());
  }
}
