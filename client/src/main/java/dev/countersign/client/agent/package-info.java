// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
/**
 * A device that runs by itself: it enrols, renews, sends what is queued, follows its settings, and
 * waits when the server is away. {@link dev.countersign.client.agent.DeviceAgent} is the whole of
 * it.
 *
 * <p>Logs nothing: it tells an {@link dev.countersign.client.agent.AgentListener}.
 */
@NullMarked
package dev.countersign.client.agent;

import org.jspecify.annotations.NullMarked;
