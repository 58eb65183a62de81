// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
/**
 * An offline smart device that several phones control: a private root, a key per hub and per phone,
 * a code that pairs once, a list of phones (docs/protocol.md, Pairing).
 *
 * <p>{@link dev.countersign.hub.Hub} opens everything; {@link dev.countersign.hub.HubPanel} is what
 * a person who stands in front of it can do. HTTPS only; no CoAP, no MQTT, no way to the internet.
 */
@NullMarked
package dev.countersign.hub;

import org.jspecify.annotations.NullMarked;
