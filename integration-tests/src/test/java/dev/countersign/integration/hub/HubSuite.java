// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.integration.hub;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.launcher.TagFilter.excludeTags;

import java.io.PrintWriter;
import java.util.Arrays;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/** Runs test classes in a process of its own: one that is somewhere else, or at another time. */
public final class HubSuite {
  /** What takes long, or asks a program that goes by the machine's clock. */
  public static final String HERE_ONLY = "here-only";

  private HubSuite() {}

  /** Arguments: names of classes. The last line of its output says how many tests it passed. */
  public static void main(String[] classes) {
    Launcher launcher = LauncherFactory.create();
    var listener = new SummaryGeneratingListener();
    launcher.execute(
        LauncherDiscoveryRequestBuilder.request()
            .selectors(Arrays.stream(classes).map(name -> selectClass(name)).toList())
            .filters(excludeTags(HERE_ONLY))
            .build(),
        listener);
    TestExecutionSummary summary = listener.getSummary();
    summary.printFailuresTo(new PrintWriter(System.out, true, UTF_8), 20);
    boolean passed =
        summary.getTotalFailureCount() == 0
            && summary.getTestsSucceededCount() == summary.getTestsFoundCount();
    // On a line of its own, whatever an engine has printed before.
    System.out.printf("%npassed %d%n", summary.getTestsSucceededCount());
    System.exit(passed ? 0 : 1);
  }
}
