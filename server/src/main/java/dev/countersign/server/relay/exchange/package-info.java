// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
/**
 * What becomes of a sealed message once it is here (docs/protocol.md §3 and §4): it is opened, its
 * device and its number are judged, what it asks is done, and the answer is sealed, kept and sent.
 *
 * <p>Nothing leaves before it is on disk: the number, its readings and its answer are one write.
 * What is done in the registry (a receipt, a certificate, a new key) is done before that, in a way
 * that may be done again: if the process ends between the two, the same request does it once more
 * and nobody has seen an answer yet.
 */
@NullMarked
package dev.countersign.server.relay.exchange;

import org.jspecify.annotations.NullMarked;
