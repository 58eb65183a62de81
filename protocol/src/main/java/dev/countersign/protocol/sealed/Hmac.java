// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.sealed;

import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.macs.HMac;
import org.bouncycastle.crypto.params.KeyParameter;

/** HMAC with SHA-256 (RFC 2104). Made anew for each message, so that no key lives in one. */
final class Hmac {
  static final int BYTES = 32;

  private Hmac() {}

  static byte[] sha256(byte[] key, byte[] data) {
    var hmac = new HMac(new SHA256Digest());
    hmac.init(new KeyParameter(key));
    hmac.update(data, 0, data.length);
    var out = new byte[BYTES];
    hmac.doFinal(out, 0);
    return out;
  }
}
