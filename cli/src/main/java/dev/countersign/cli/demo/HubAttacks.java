// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.cli.demo;

import static dev.countersign.cli.demo.Stage.require;

import dev.countersign.cli.terminal.CommandException;
import dev.countersign.client.PhoneClient;
import dev.countersign.client.hub.HubAddress;
import dev.countersign.client.hub.OtherHubException;
import dev.countersign.client.pairing.FilePhoneStorage;
import dev.countersign.hub.Hub;
import dev.countersign.hub.HubOptions;
import dev.countersign.hub.example.DoorAndThermostat;
import dev.countersign.hub.identity.HubIdentity;
import dev.countersign.hub.identity.HubIdentityFile;
import dev.countersign.pki.AuthorityProfile;
import dev.countersign.pki.CertificateAuthority;
import dev.countersign.pki.DeviceName;
import dev.countersign.pki.HubName;
import dev.countersign.pki.KeyPolicy;
import dev.countersign.pki.ServerName;
import dev.countersign.pki.VerifiedRequest;
import dev.countersign.pki.key.KeyKind;
import dev.countersign.pki.key.SigningKey;
import dev.countersign.protocol.ProtocolException;
import dev.countersign.protocol.pairing.HubVerifier;
import dev.countersign.protocol.pairing.PairingCode;
import dev.countersign.protocol.x509.CertificateRequest;
import dev.countersign.protocol.x509.Certificates;
import dev.countersign.server.installation.Initialization;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;

/** What answers in place of the hub, and a phone that does not fall for it. */
final class HubAttacks {
  private final Stage stage;
  private final Hub hub;

  HubAttacks(Stage stage, Hub hub) {
    this.stage = stage;
    this.hub = hub;
  }

  /**
   * Shows both.
   *
   * @param phone that is paired with the hub
   * @param elsewhere where a second genuine hub of the same maker answers
   */
  void run(PhoneClient phone, HubAddress elsewhere, HubIdentity second)
      throws CommandException, IOException, ProtocolException, GeneralSecurityException {
    OtherHubException how = refused(phone, elsewhere);
    require(how.got().id().equals(second.id()), "the phone did not see which hub answered");
    stage.done("second genuine hub of the same maker at the first one's address refused:");
    stage.output().text("    " + how.getMessage());
    manInTheMiddle(phone);
    HubSteps.opened(phone, hub).close();
    stage.done("the hub itself still lets its phone in");
  }

  private OtherHubException refused(PhoneClient phone, HubAddress where)
      throws CommandException, IOException, ProtocolException, GeneralSecurityException {
    if (phone.open(hub.identity().id(), where)
        instanceof PhoneClient.Opening.HubChanged(OtherHubException how)) {
      return how;
    }
    throw CommandException.refused(
        "a step did not hold: another hub was accepted", "this must never happen");
  }

  private void manInTheMiddle(PhoneClient phone)
      throws CommandException, IOException, ProtocolException, GeneralSecurityException {
    Path state = Files.createDirectories(stage.scratch().resolve("man-in-the-middle"));
    new HubIdentityFile(state).store(sameNameOtherKey());
    var anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    var device = new DoorAndThermostat(System::nanoTime);
    try (Hub impostor = Hub.open(HubOptions.of(state, 0).on(anyPort), device)) {
      HubAddress trap = HubSteps.addressOf(impostor);
      refusedAtOnce(() -> phone.open(hub.identity().id(), trap));
      hub.panel().pressButton();
      PairingCode code = hub.panel().screen().orElseThrow().code();
      PhoneClient newcomer = PhoneClient.of(newStorage());
      refusedAtOnce(() -> newcomer.pair(code, "Newcomer", trap));
      require(impostor.panel().phones().isEmpty(), "the man in the middle paired a phone");
    }
    stage.done(
        "man in the middle with the hub's name and a key of his own refused, by old and new");
  }

  /** What must fail before anything is sent: the maker's root or the hub's key is another. */
  private static void refusedAtOnce(Callable<Object> attempt)
      throws CommandException, IOException, ProtocolException {
    Stage.refused(
        ProtocolException.class,
        "a man in the middle",
        () -> {
          try {
            attempt.call();
          } catch (IOException | ProtocolException | RuntimeException e) {
            throw e;
          } catch (Exception e) {
            throw new IOException(e);
          }
        });
  }

  private FilePhoneStorage newStorage() throws IOException {
    return new FilePhoneStorage(stage.scratch().resolve("phone-newcomer"));
  }

  /** All that the hub has, but its key and its maker's signature. */
  private HubIdentity sameNameOtherKey() throws ProtocolException, GeneralSecurityException {
    var random = new SecureRandom();
    HubIdentity genuine = hub.identity();
    Instant now = genuine.leaf().getNotBefore().toInstant();
    SigningKey rootKey = SigningKey.generate(KeyKind.P384, random);
    CertificateAuthority root =
        CertificateAuthority.createRoot("Another root", "Demo", rootKey, now, random);
    var domain = new ServerName.Dns(Initialization.DEFAULT_HUB_DOMAIN);
    SigningKey lineKey = SigningKey.generate(KeyKind.P256, random);
    X509Certificate line =
        root.issueAuthority(
            new AuthorityProfile.HubAuthority(domain), lineKey.publicKey(), "Another line", now);
    SigningKey key = SigningKey.generate(KeyKind.P256, random);
    VerifiedRequest request =
        VerifiedRequest.verify(
            CertificateRequest.create(new KeyPair(key.publicKey(), key.privateKey())),
            KeyPolicy.standard());
    var name =
        new HubName(
            new DeviceName("Demo", DeviceName.EXAMPLE_ENTERPRISE_NUMBER, genuine.serial()),
            genuine.id(),
            domain);
    X509Certificate leaf =
        new CertificateAuthority(line, lineKey, random).issueHub(request, name, now);
    return new HubIdentity(
        HubVerifier.ofMakers(List.of(root.certificate()))
            .verify(List.of(leaf, line), genuine.id(), Certificates.keyHash(leaf)),
        key,
        genuine.label(),
        List.of(),
        0);
  }
}
