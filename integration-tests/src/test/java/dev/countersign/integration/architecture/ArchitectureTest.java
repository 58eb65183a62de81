// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.integration.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.Location;
import dev.countersign.cli.terminal.Terminal;
import dev.countersign.client.enrolment.EstClient;
import dev.countersign.hub.phones.AuthenticatedPhone;
import dev.countersign.hub.phones.PhoneAuthenticator;
import dev.countersign.pki.VerifiedRequest;
import dev.countersign.protocol.SecretAccess;
import dev.countersign.protocol.pairing.HubSuccession;
import dev.countersign.protocol.pairing.HubVerifier;
import dev.countersign.protocol.pairing.PairedPhone;
import dev.countersign.protocol.pairing.PairingAttempt;
import dev.countersign.protocol.pairing.PairingRequest;
import dev.countersign.protocol.pairing.PresentedHub;
import dev.countersign.protocol.pairing.Spake2Confirmed;
import dev.countersign.protocol.pairing.Spake2Prover;
import dev.countersign.protocol.pairing.VerifiedHub;
import dev.countersign.protocol.pairing.VerifiedPairingRequest;
import dev.countersign.protocol.sealed.MacContext;
import dev.countersign.protocol.sealed.OpenedRequest;
import dev.countersign.protocol.sealed.OscoreContext;
import dev.countersign.protocol.x509.ChainVerifier;
import dev.countersign.protocol.x509.LapsedChain;
import dev.countersign.protocol.x509.VerifiedChain;
import dev.countersign.server.audit.AuditLog;
import dev.countersign.server.credentials.AuthenticatedDevice;
import dev.countersign.server.credentials.AuthenticatedOperator;
import dev.countersign.server.credentials.DeviceAuthenticator;
import dev.countersign.server.credentials.LapsedDevice;
import dev.countersign.server.credentials.OperatorAuthenticator;
import dev.countersign.server.database.Database;
import dev.countersign.server.enrolment.Admission;
import dev.countersign.server.enrolment.AdmittedDevice;
import dev.countersign.server.enrolment.EnrolmentTokens;
import dev.countersign.server.journal.JournalStore;
import dev.countersign.server.ledger.CertificateLedger;
import dev.countersign.server.operators.Operators;
import dev.countersign.server.registry.Devices;
import dev.countersign.server.relay.AuthenticatedRelay;
import dev.countersign.server.relay.RelayGate;
import dev.countersign.server.relay.Relays;
import dev.countersign.server.relay.exchange.SealedContexts;
import dev.countersign.server.relay.health.RelayFindings;
import dev.countersign.server.secrets.DeviceSecrets;
import dev.countersign.server.settings.SettingsHistory;
import dev.countersign.server.telemetry.ReadingStore;
import dev.countersign.server.tls.psk.ProvenKey;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@TestInstance(Lifecycle.PER_CLASS)
@DisplayName("Architecture")
class ArchitectureTest {
  private static final String BASE = "dev.countersign.";

  /** What each module may use of the others (docs/architecture.md, Direction). */
  private static final Map<String, Set<String>> DIRECTIONS =
      Map.of(
          "protocol", Set.of(),
          "pki", Set.of("protocol"),
          "client", Set.of("protocol"),
          "server", Set.of("pki", "protocol"),
          "hub", Set.of("client", "pki", "protocol"),
          "cli", Set.of("server", "hub", "client", "pki", "protocol"));

  /** What proves something, and the one class that may say so. */
  private static final Map<Class<?>, Class<?>> MAKERS =
      Map.ofEntries(
          Map.entry(VerifiedChain.class, ChainVerifier.class),
          Map.entry(LapsedChain.class, ChainVerifier.class),
          Map.entry(VerifiedRequest.class, VerifiedRequest.class),
          Map.entry(AuthenticatedDevice.class, DeviceAuthenticator.class),
          Map.entry(LapsedDevice.class, DeviceAuthenticator.class),
          Map.entry(AuthenticatedOperator.class, OperatorAuthenticator.class),
          Map.entry(AdmittedDevice.class, Admission.class),
          Map.entry(AuthenticatedRelay.class, RelayGate.class),
          Map.entry(OpenedRequest.Oscore.class, OscoreContext.class),
          Map.entry(OpenedRequest.Mac.class, MacContext.class),
          Map.entry(AuthenticatedPhone.class, PhoneAuthenticator.class),
          Map.entry(HubSuccession.class, HubSuccession.class),
          Map.entry(PairedPhone.class, PairingAttempt.class),
          Map.entry(PresentedHub.class, HubVerifier.class),
          Map.entry(Spake2Confirmed.class, Spake2Prover.class),
          Map.entry(VerifiedHub.class, HubVerifier.class),
          Map.entry(VerifiedPairingRequest.class, PairingRequest.class));

  private static final Class<?>[] STORES = {
    AuditLog.class,
    CertificateLedger.class,
    Database.class,
    DeviceSecrets.class,
    Devices.class,
    EnrolmentTokens.class,
    JournalStore.class,
    Operators.class,
    ReadingStore.class,
    RelayFindings.class,
    Relays.class,
    SealedContexts.class,
    SettingsHistory.class
  };

  /** Everywhere a secret leaves its type. A longer list wants a reason. */
  private static final Set<String> SEE_SECRETS =
      Set.of(
          BASE + "cli.phone.CodeText",
          BASE + "client.psk.PskCredential",
          BASE + "client.sealed.FileDeviceKeys",
          BASE + "cli.hub.factory.ProvisionReport",
          BASE + "hub.identity.HubIdentityFile",
          BASE + "hub.control.ControlDesk",
          BASE + "hub.gateway.HouseholdRoutes",
          BASE + "hub.phones.HubStateFile",
          BASE + "hub.page.PageText",
          BASE + "protocol.pairing.PairingKeys",
          BASE + "protocol.pairing.Spake2Secrets",
          BASE + "protocol.sealed.MacContext",
          BASE + "protocol.sealed.OscoreContext",
          BASE + "server.fleet.SecretGrant",
          BASE + "server.gateway.tlspsk.HeldKey",
          BASE + "server.secrets.KeyEncryptionKey",
          EstClient.class.getName(),
          BASE + "server.console.RelayViews",
          BASE + "server.console.Views",
          BASE + "server.secrets.WrappedRelaySecrets");

  /** InetAddress is not among them: it is how an address literal becomes bytes. */
  private static final Set<String> IMPURE =
      Set.of(
          "java.io.File",
          "java.io.FileInputStream",
          "java.io.FileOutputStream",
          "java.net.ServerSocket",
          "java.net.Socket",
          "java.net.URL",
          "java.net.URLConnection",
          "java.time.Clock");

  private JavaClasses code = new ClassFileImporter().importClasses();

  @BeforeAll
  void readsAllModules() {
    code =
        new ClassFileImporter()
            .withImportOption(ArchitectureTest::isProduct)
            .importPackages("dev.countersign");
  }

  private static boolean isProduct(Location location) {
    return !location.contains("/test-classes/")
        && !location.contains("/dev/countersign/integration/");
  }

  static Stream<String> modules() {
    return DIRECTIONS.keySet().stream().sorted();
  }

  static Stream<Class<?>> proofs() {
    return MAKERS.keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("modules")
  @DisplayName("modules depend on each other in one direction")
  void keeps_the_direction_of_modules(String module) {
    assertThat(code.that(resideInAPackage(BASE + module + ".."))).as("seen at all").isNotEmpty();
    String[] allowed =
        Stream.concat(Stream.of(module), DIRECTIONS.getOrDefault(module, Set.of()).stream())
            .map(name -> BASE + name + "..")
            .toArray(String[]::new);
    noClasses()
        .that()
        .resideInAPackage(BASE + module + "..")
        .should()
        .dependOnClassesThat(
            resideInAPackage("dev.countersign..").and(not(resideInAnyPackage(allowed))))
        .check(code);
  }

  @Test
  @DisplayName("there is no cycle between packages")
  void has_no_cycles() {
    slices().matching("dev.countersign.(**)").should().beFreeOfCycles().check(code);
  }

  @Test
  @DisplayName("nothing inside the server knows the server that opens it")
  void nothing_imports_the_server() {
    noClasses()
        .that(resideInAPackage("dev.countersign.server..").and(not(inPackage("server"))))
        .should()
        .dependOnClassesThat(inPackage("server"))
        .check(code);
  }

  @Test
  @DisplayName("listeners know neither each other nor the console")
  void listeners_do_not_know_each_other() {
    slices()
        .matching("dev.countersign.server.gateway.(*)..")
        .should()
        .notDependOnEachOther()
        .check(code);
    noClasses()
        .that()
        .resideInAPackage("..server.gateway..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("..server.console..")
        .check(code);
    noClasses()
        .that()
        .resideInAPackage("..server.console..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("..server.gateway..")
        .check(code);
  }

  @Test
  @DisplayName("features know no listener, no HTTP and no TLS; the database knows no feature")
  void features_are_below_listeners() {
    String[] features = {
      "..server.audit..",
      "..server.credentials..",
      "..server.enrolment..",
      "..server.fleet..",
      "..server.journal..",
      "..server.ledger..",
      "..server.operators..",
      "..server.registry..",
      "..server.relay..",
      "..server.settings..",
      "..server.telemetry.."
    };
    noClasses()
        .that()
        .resideInAnyPackage(features)
        .should()
        .dependOnClassesThat(
            // what a handshake has proven is theirs to judge
            resideInAnyPackage(
                    "..server.gateway..",
                    "..server.console..",
                    "..server.http..",
                    "..server.tls..",
                    "io.vertx..",
                    "io.netty..")
                .and(not(type(ProvenKey.class))))
        .check(code);
    noClasses()
        .that(inPackage("server.database"))
        .should()
        .dependOnClassesThat(
            resideInAPackage("dev.countersign.server..").and(not(inPackage("server.database"))))
        .check(code);
  }

  @Test
  @DisplayName("the console uses services, never a store")
  void console_uses_no_store() {
    noClasses()
        .that()
        .resideInAPackage("..server.console..")
        .should()
        .dependOnClassesThat()
        .belongToAnyOf(STORES)
        .check(code);
  }

  @Test
  @DisplayName("SQL is in Jdbc classes and the database package only")
  void sql_stays_in_its_place() {
    noClasses()
        .that(
            not(inPackage("server.database"))
                .and(
                    not(
                        describe(
                            "are Jdbc classes",
                            c -> outermost(c).getSimpleName().startsWith("Jdbc")))))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.sql..", "javax.sql..", "org.jooq..", "org.sqlite..")
        .check(code);
  }

  @Test
  @DisplayName("the protocol is pure: no files, sockets, clock, log or SQL")
  void protocol_is_pure() {
    noClasses()
        .that()
        .resideInAPackage("dev.countersign.protocol..")
        .should()
        .dependOnClassesThat(
            resideInAnyPackage(
                    "java.nio.file..",
                    "java.nio.channels..",
                    "java.net.http..",
                    "javax.net..",
                    "java.sql..",
                    "java.util.logging..",
                    "org.slf4j..")
                .or(
                    describe(
                        "are a file, a socket, a URL or a clock",
                        c -> IMPURE.contains(c.getName()))))
        .check(code);
  }

  @Test
  @DisplayName("the issuer knows no HTTP, SQL, log or clock")
  void issuer_stands_alone() {
    noClasses()
        .that()
        .resideInAPackage("dev.countersign.pki..")
        .should()
        .dependOnClassesThat(
            resideInAnyPackage(
                    "java.net.http..",
                    "java.sql..",
                    "org.slf4j..",
                    "io.vertx..",
                    "io.netty..",
                    "org.jooq..")
                .or(describe("are a clock", c -> c.isEquivalentTo(Clock.class))))
        .check(code);
  }

  @ParameterizedTest
  @MethodSource("proofs")
  @DisplayName("a proof is final, has no public constructor, and only its verifier makes it")
  void only_a_verifier_makes_a_proof(Class<?> proof) {
    JavaClass type = code.get(proof);
    assertThat(type.getModifiers()).contains(JavaModifier.FINAL);
    assertThat(type.getConstructors())
        .isNotEmpty()
        .noneMatch(constructor -> constructor.getModifiers().contains(JavaModifier.PUBLIC));
    assertThat(type.getConstructors().stream().flatMap(c -> c.getCallsOfSelf().stream()))
        .isNotEmpty()
        .allMatch(call -> call.getOriginOwner().isEquivalentTo(MAKERS.get(proof)));
  }

  @Test
  @DisplayName("time comes in as a clock; only the terminal asks the machine for it")
  void time_comes_in() {
    noClasses()
        .that()
        .doNotBelongToAnyOf(Terminal.class)
        .should()
        .callMethodWhere(describe("the machine's clock is read", ArchitectureTest::readsTheClock))
        .orShould()
        .callConstructor(java.util.Date.class)
        .check(code);
    assertThat(
            code.get(Terminal.class).getMethodCallsFromSelf().stream()
                .filter(ArchitectureTest::readsTheClock))
        .as("what the terminal asks")
        .hasSize(1);
  }

  private static boolean readsTheClock(JavaCall<?> call) {
    String owner = call.getTargetOwner().getName();
    String name = call.getName();
    return (owner.startsWith("java.time.") && name.equals("now"))
        || (owner.equals(Clock.class.getName())
            && (name.startsWith("system") || name.startsWith("tick")))
        || (owner.equals("java.lang.System") && name.equals("currentTimeMillis"))
        || (owner.equals("java.util.Calendar") && name.equals("getInstance"));
  }

  @Test
  @DisplayName("few classes may open a secret")
  void few_classes_open_secrets() {
    Set<String> open =
        code.get(SecretAccess.class).getMethod("insecure").getCallsOfSelf().stream()
            .map(call -> call.getOriginOwner().getName())
            .collect(Collectors.toSet());
    assertThat(open).isEqualTo(SEE_SECRETS);
  }

  @Test
  @DisplayName("every package says what it is, and is null-marked")
  void every_package_is_null_marked() {
    var missing = new TreeSet<String>();
    for (JavaClass type : code) {
      JavaPackage home = type.getPackage();
      boolean marked =
          home.tryGetPackageInfo()
              .filter(info -> info.isAnnotatedWith(NullMarked.class))
              .isPresent();
      if (!marked && !type.getSimpleName().equals("module-info")) {
        missing.add(home.getName());
      }
    }
    assertThat(missing).as("packages without a @NullMarked package-info").isEmpty();
  }

  @Test
  @DisplayName("no package is a drawer for everything")
  void no_package_is_a_drawer() {
    Set<String> drawers = Set.of("util", "utils", "common", "helper", "helpers", "impl", "misc");
    Set<String> found =
        code.stream()
            .map(JavaClass::getPackageName)
            .filter(name -> List.of(name.split("\\.")).stream().anyMatch(drawers::contains))
            .collect(Collectors.toSet());
    assertThat(found).isEmpty();
  }

  @Test
  @DisplayName("no class is called by what it has no better name for")
  void classes_have_names() {
    classes()
        .that()
        .areNotAssignableTo(TrustManager.class) // the platform's own word
        .and()
        .areNotAssignableTo(KeyManager.class)
        .should()
        .haveNameNotMatching(".*(Impl|Manager|Helper|Utils?)(\\$.*)?")
        .check(code);
    methods()
        .that()
        .areDeclaredInClassesThat()
        .areRecords()
        .should()
        .haveNameNotMatching("get[A-Z].*")
        .check(code);
  }

  private static DescribedPredicate<JavaClass> inPackage(String name) {
    return describe("are in the package " + BASE + name, c -> isIn(c, name));
  }

  private static boolean isIn(JavaClass type, String name) {
    return type.getPackageName().equals(BASE + name);
  }

  private static JavaClass outermost(JavaClass type) {
    JavaClass outer = type;
    while (outer.getEnclosingClass().isPresent()) {
      outer = outer.getEnclosingClass().get();
    }
    return outer;
  }
}
