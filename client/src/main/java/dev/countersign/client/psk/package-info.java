// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
/**
 * The device API over TLS 1.3 with a key from the device's pre-set secret (docs/protocol.md, TLS
 * with a pre-shared key): the same key proves the server to the device and the device to the
 * server, with a fresh (EC)DHE exchange on each connection. Runs on Android as well.
 */
@NullMarked
package dev.countersign.client.psk;

import org.jspecify.annotations.NullMarked;
