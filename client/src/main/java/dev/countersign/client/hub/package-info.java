// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
/**
 * A phone's connection to a hub: TLS 1.3 (RFC 8446) whose server is judged before anything is sent,
 * the channel binding of RFC 9266, and HTTP/1.1 on it. Knows nothing of pairing or commands.
 *
 * <p>An app may bring its own {@link dev.countersign.client.hub.HubTransport}, as for Android's
 * sockets. It cannot bring its own judgement: a channel that was not judged by its {@link
 * dev.countersign.client.hub.HubCall} carries nothing.
 */
@NullMarked
package dev.countersign.client.hub;

import org.jspecify.annotations.NullMarked;
