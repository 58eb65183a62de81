// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
/**
 * The main job in a minute: an installation of its own, real devices over real TLS, and the
 * refusals that make it worth having. Every line is a fact that was just seen.
 */
@NullMarked
package dev.countersign.cli.demo;

import org.jspecify.annotations.NullMarked;
