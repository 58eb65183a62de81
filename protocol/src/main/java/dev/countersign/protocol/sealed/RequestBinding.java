// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.sealed;

/**
 * What ties an answer to its request: the request's kid and Partial IV (RFC 8613 §5.4). Nobody
 * modifies them.
 */
final class RequestBinding {
  private final byte[] kid;
  private final byte[] partialIv;

  RequestBinding(byte[] kid, byte[] partialIv) {
    this.kid = kid;
    this.partialIv = partialIv;
  }

  byte[] kid() {
    return kid;
  }

  byte[] partialIv() {
    return partialIv;
  }
}
