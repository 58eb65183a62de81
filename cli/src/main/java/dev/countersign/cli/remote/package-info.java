// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
/**
 * The operator API as the command line uses it: JSON over TLS, with the operator's certificate one
 * way and the one root of the operator's identity file the other way.
 *
 * <p>Does not follow redirects, and trusts nothing that the machine trusts.
 */
@NullMarked
package dev.countersign.cli.remote;

import org.jspecify.annotations.NullMarked;
