// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.server.tls.psk;

import java.io.IOException;
import java.security.GeneralSecurityException;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.crypto.impl.TlsAEADCipherImpl;
import org.jspecify.annotations.Nullable;

/**
 * AES-GCM by the platform: the processor's instructions take the same time for every key, which
 * tables in memory do not. One direction of one connection.
 */
final class PlatformGcm implements TlsAEADCipherImpl {
  private static final int TAG_BYTES = 16;

  private final Cipher cipher;
  private final int mode;
  private @Nullable SecretKeySpec key;

  PlatformGcm(boolean encrypts) {
    try {
      cipher = Cipher.getInstance("AES/GCM/NoPadding");
    } catch (GeneralSecurityException e) {
      throw new AssertionError("every Java platform has AES-GCM", e);
    }
    mode = encrypts ? Cipher.ENCRYPT_MODE : Cipher.DECRYPT_MODE;
  }

  @Override
  public void setKey(byte[] bytes, int offset, int length) {
    key = new SecretKeySpec(bytes, offset, length, "AES");
  }

  @Override
  public void init(byte[] nonce, int tagBytes) throws IOException {
    try {
      cipher.init(mode, key, new GCMParameterSpec(tagBytes * Byte.SIZE, nonce));
    } catch (GeneralSecurityException e) {
      throw new TlsFatalAlert(AlertDescription.internal_error, e);
    }
  }

  @Override
  public int getOutputSize(int inputBytes) {
    return mode == Cipher.ENCRYPT_MODE
        ? inputBytes + TAG_BYTES
        : Math.max(0, inputBytes - TAG_BYTES);
  }

  @Override
  public int doFinal(
      byte[] additional, byte[] in, int inOffset, int inBytes, byte[] out, int outOffset)
      throws IOException {
    try {
      if (additional != null && additional.length > 0) {
        cipher.updateAAD(additional);
      }
      return cipher.doFinal(in, inOffset, inBytes, out, outOffset);
    } catch (AEADBadTagException e) {
      throw new TlsFatalAlert(AlertDescription.bad_record_mac, e);
    } catch (GeneralSecurityException e) {
      throw new TlsFatalAlert(AlertDescription.internal_error, e);
    }
  }
}
