// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.pairing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.client.PhoneClient;
import dev.countersign.client.PhoneClient.Opening;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Security;
import java.security.Signature;
import java.security.SignatureException;
import java.security.SignatureSpi;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A key that cannot be read, as in Android's key store, pairs and controls")
final class KeyStoreKeyTest {
  private static final Provider KEY_STORE = new KeyStoreProvider();

  @BeforeAll
  static void installs() {
    Security.addProvider(KEY_STORE);
  }

  @AfterAll
  static void removes() {
    Security.removeProvider(KEY_STORE.getName());
  }

  @Test
  @DisplayName("the private half is a handle that only Signature can use")
  void uses_handles(@TempDir Path state) throws Exception {
    var keys = new HandleKeys(new FilePhoneKeys(state.resolve("store")));
    PhoneClient phone = PhoneClient.of(new FilePhoneStorage(state.resolve("phone"), keys));
    try (FakeHub hub = FakeHub.start(new TestMaker("maker").hub())) {
      assertThat(phone.pair(hub.code(), "A", hub.address()))
          .isInstanceOf(PairingResult.Paired.class);
      assertThat(phone.open(hub.identity().id())).isInstanceOf(Opening.Opened.class);
    }
  }

  /** Keys that leave their store as handles. */
  private record HandleKeys(FilePhoneKeys store) implements PhoneKeys {
    @Override
    public KeyPair create(String handle) throws IOException, GeneralSecurityException {
      return handleOf(store.create(handle));
    }

    @Override
    public KeyPair open(String handle) throws IOException, GeneralSecurityException {
      return handleOf(store.open(handle));
    }

    @Override
    public void delete(String handle) throws IOException {
      store.delete(handle);
    }

    @Override
    public Set<String> handles() throws IOException {
      return store.handles();
    }

    private static KeyPair handleOf(KeyPair real) {
      return new KeyPair(real.getPublic(), new Handle(real.getPrivate()));
    }
  }

  /** A key without an encoding. */
  @SuppressWarnings("serial") // never serialized
  private record Handle(PrivateKey real) implements PrivateKey {
    @Override
    public String getAlgorithm() {
      return "EC";
    }

    @Override
    public @Nullable String getFormat() {
      return null;
    }

    @Override
    public byte @Nullable [] getEncoded() {
      return null;
    }
  }

  /** Knows handles, and nothing else does. */
  private static final class KeyStoreProvider extends Provider {
    private static final long serialVersionUID = 1L;

    KeyStoreProvider() {
      super("TestKeyStore", "1", "signs with handles");
      for (String algorithm : Set.of("NONEwithECDSA", "SHA256withECDSA")) {
        putService(
            new Service(
                this,
                "Signature",
                algorithm,
                HandleSignature.class.getName(),
                null,
                Map.of("SupportedKeyClasses", Handle.class.getName())) {
              @Override
              public Object newInstance(@Nullable Object parameter) {
                return new HandleSignature(algorithm);
              }
            });
      }
    }
  }

  private static final class HandleSignature extends SignatureSpi {
    private final Signature real;

    HandleSignature(String algorithm) {
      try {
        real = Signature.getInstance(algorithm, "SunEC");
      } catch (GeneralSecurityException e) {
        throw new AssertionError(e);
      }
    }

    @Override
    protected void engineInitVerify(PublicKey key) throws InvalidKeyException {
      throw new InvalidKeyException("handles sign");
    }

    @Override
    protected void engineInitSign(PrivateKey key) throws InvalidKeyException {
      real.initSign(((Handle) key).real());
    }

    @Override
    protected void engineUpdate(byte b) throws SignatureException {
      real.update(b);
    }

    @Override
    protected void engineUpdate(byte[] bytes, int offset, int count) throws SignatureException {
      real.update(bytes, offset, count);
    }

    @Override
    protected byte[] engineSign() throws SignatureException {
      return real.sign();
    }

    @Override
    protected boolean engineVerify(byte[] signature) {
      return false;
    }

    @Override
    @Deprecated
    protected void engineSetParameter(String name, Object value) {}

    @Override
    @Deprecated
    protected Object engineGetParameter(String name) {
      throw new UnsupportedOperationException(name);
    }
  }
}
