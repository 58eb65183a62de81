// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.hub.identity;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.countersign.client.storage.DurableFile;
import dev.countersign.pki.key.SigningKey;
import dev.countersign.protocol.MalformedException;
import dev.countersign.protocol.Pem;
import dev.countersign.protocol.ProtocolException;
import dev.countersign.protocol.SecretAccess;
import dev.countersign.protocol.Sha256;
import dev.countersign.protocol.pairing.HubId;
import dev.countersign.protocol.pairing.HubVerifier;
import dev.countersign.protocol.pairing.PairingSecret;
import dev.countersign.protocol.pairing.VerifiedHub;
import dev.countersign.protocol.x509.Certificates;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A hub's identity in one file, {@code STATE/hub.pem} (0600), so that it is replaced in one step: a
 * new key with an old label, or an old statement, would strand every phone.
 *
 * <pre>
 * hub: 8f14e45fceea167a
 * label: 32 hexadecimal digits, a secret
 * key-counter: 0
 * BEGIN PRIVATE KEY        PKCS #8
 * BEGIN CERTIFICATE        leaf, its authority, the maker's root
 * BEGIN HUB SUCCESSION     for each key before this one, oldest first
 * </pre>
 *
 * Whoever reads it is this hub. Safe for use by one process at a time, which the lock of the
 * directory sees to.
 */
public final class HubIdentityFile {
  /** Three certificates, a key and 16 statements have about 12 KiB. */
  private static final int MAX_BYTES = 128 * 1024;

  private static final Pattern HEAD =
      Pattern.compile(
          "hub: ([0-9a-f]{16})\nlabel: ([0-9a-f]{32})\nkey-counter: ([0-9]{1,15})\n-----BEGIN ");

  private static final Pattern SUCCESSION =
      Pattern.compile(
          "-----BEGIN HUB SUCCESSION-----([A-Za-z0-9+/=\\s]+)-----END HUB SUCCESSION-----");

  private final Path file;

  /**
   * The file in this directory, whether it is there or not.
   *
   * @param state the hub's state directory
   */
  public HubIdentityFile(Path state) {
    this.file = state.resolve("hub.pem");
  }

  public Path path() {
    return file;
  }

  /**
   * Reads the identity. Its chain is verified, and that the key is the certificate's.
   *
   * @return empty for a hub that was never provisioned
   * @throws IOException if it cannot be read, is damaged, or holds what does not belong together
   */
  public Optional<HubIdentity> load() throws IOException {
    Optional<byte[]> content = DurableFile.read(file, MAX_BYTES);
    if (content.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(parse(new String(content.get(), US_ASCII)));
    } catch (ProtocolException | IllegalArgumentException e) {
      throw new IOException(
          file
              + " is damaged: "
              + e.getMessage()
              + "; restore it from a backup of this very hub, never from another hub's",
          e);
    }
  }

  private static HubIdentity parse(String text) throws ProtocolException {
    Matcher head = HEAD.matcher(text);
    if (!head.lookingAt()) {
      throw new MalformedException("head", "expected the lines hub, label and key-counter");
    }
    SigningKey key = SigningKey.parsePem(text);
    // The root in the file is the hub's own claim; what it is for is to be shown to phones.
    VerifiedHub hub =
        HubVerifier.ofPresentedRoot()
            .verify(
                Certificates.parsePem(text),
                HubId.parse(head.group(1)),
                Sha256.of(key.publicKey().getEncoded()));
    return new HubIdentity(
        hub,
        key,
        PairingSecret.wrap(HexFormat.of().parseHex(head.group(2))),
        successions(text),
        Long.parseLong(head.group(3)));
  }

  private static List<byte[]> successions(String text) {
    var found = new ArrayList<byte[]>();
    Matcher matcher = SUCCESSION.matcher(text);
    while (matcher.find()) {
      found.add(Base64.getMimeDecoder().decode(matcher.group(1)));
    }
    return found;
  }

  /**
   * Replaces the identity in one step. After a power cut there is the old one or the new one,
   * whole; when this returns, the new one.
   */
  public void store(HubIdentity identity) throws IOException {
    var text = new StringBuilder();
    text.append("hub: ").append(identity.id()).append('\n');
    text.append("label: ")
        .append(HexFormat.of().formatHex(identity.label().bytes(SecretAccess.insecure())))
        .append('\n');
    text.append("key-counter: ").append(identity.keyCounter()).append('\n');
    text.append(identity.key().toPem());
    identity.chain().forEach(certificate -> text.append(Certificates.toPem(certificate)));
    for (byte[] statement : identity.successions()) {
      text.append(Pem.block("HUB SUCCESSION", statement));
    }
    DurableFile.replace(file, text.toString().getBytes(US_ASCII));
  }
}
