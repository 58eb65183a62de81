// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.protocol.pairing;

/**
 * The two points that were sent, as they were sent.
 *
 * @param prover 65 bytes
 * @param verifier 65 bytes
 */
@SuppressWarnings("ArrayRecordComponent") // hashed at once, never compared
record Spake2Shares(byte[] prover, byte[] verifier) {}
