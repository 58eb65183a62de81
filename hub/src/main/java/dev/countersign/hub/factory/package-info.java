// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
/**
 * Makes hubs without a server: the maker's root signs a {@link dev.countersign.hub.factory.Quota},
 * a {@link dev.countersign.hub.factory.Station} certifies that many hubs and writes each into its
 * ledger before its certificate leaves (docs/factory.md).
 *
 * <p>What holds against the station's own operator: the names and the end in its authority's
 * certificate, since phones look at them. The count and the repeated key are held by this program
 * and its ledger: whoever takes the station's key can sign without either, for that one line, until
 * its end. So the ledger is brought back and compared.
 */
@NullMarked
package dev.countersign.hub.factory;

import org.jspecify.annotations.NullMarked;
