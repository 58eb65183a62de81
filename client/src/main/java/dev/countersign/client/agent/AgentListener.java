// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.client.agent;

/** Hears what an agent does. Called by its threads; must be quick, and safe for many threads. */
@FunctionalInterface
public interface AgentListener {
  /** Something happened. */
  void on(AgentEvent event);
}
