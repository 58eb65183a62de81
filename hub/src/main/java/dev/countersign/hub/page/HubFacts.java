// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.hub.page;

import dev.countersign.protocol.Sha256;
import dev.countersign.protocol.pairing.HubId;

/**
 * What anybody may know of a hub.
 *
 * @param name as people call it; the model where nobody gave it a name
 * @param model what kind of device it is
 * @param key hash of the hub's SubjectPublicKeyInfo
 * @param root hash of the certificate of the maker's root
 */
public record HubFacts(
    String name, String model, String serial, HubId id, Sha256 key, Sha256 root) {}
