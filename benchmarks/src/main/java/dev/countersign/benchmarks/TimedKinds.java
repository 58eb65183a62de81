// SPDX-FileCopyrightText: Countersign contributors
// SPDX-License-Identifier: Apache-2.0
package dev.countersign.benchmarks;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;

/**
 * Compares how long things take that nobody should be able to tell apart by their time: tried in
 * random order, and for each two the test of Welch on the middle 90 % of the times. |t| above 4.5,
 * again and again, is a difference that can be seen; below 2 there is none to be seen.
 */
final class TimedKinds {
  private static final double CUT = 0.05;

  private TimedKinds() {}

  /** One of the things. */
  interface Kind {
    String name();

    /** Does it once, and says how many microseconds it took. */
    double micros() throws Exception;
  }

  /** Tries each so often, after half as many that do not count, and prints what came out. */
  static void compare(List<? extends Kind> kinds, int tries) throws Exception {
    measure(kinds, tries / 2);
    double[][] micros = measure(kinds, tries);
    for (int i = 0; i < kinds.size(); i++) {
      System.out.printf(
          "%-18s median %.1f µs, mean of the middle %.1f µs, %d tries%n",
          kinds.get(i).name(), micros[i][tries / 2], mean(middle(micros[i])), tries);
    }
    for (int i = 0; i < kinds.size(); i++) {
      for (int j = i + 1; j < kinds.size(); j++) {
        System.out.printf(
            "%s against %s: t = %.2f%n",
            kinds.get(i).name(), kinds.get(j).name(), welch(middle(micros[i]), middle(micros[j])));
      }
    }
  }

  /** Sorted times of each kind, in microseconds. */
  private static double[][] measure(List<? extends Kind> kinds, int tries) throws Exception {
    var order = new int[kinds.size() * tries];
    for (int i = 0; i < order.length; i++) {
      order[i] = i % kinds.size();
    }
    shuffle(order);
    var micros = new double[kinds.size()][tries];
    var done = new int[kinds.size()];
    for (int kind : order) {
      micros[kind][done[kind]++] = kinds.get(kind).micros();
    }
    Arrays.stream(micros).forEach(Arrays::sort);
    return micros;
  }

  private static void shuffle(int[] order) {
    var random = new SecureRandom();
    for (int i = order.length - 1; i > 0; i--) {
      int other = random.nextInt(i + 1);
      int kept = order[i];
      order[i] = order[other];
      order[other] = kept;
    }
  }

  private static double[] middle(double[] sorted) {
    int cut = (int) (sorted.length * CUT);
    return Arrays.copyOfRange(sorted, cut, sorted.length - cut);
  }

  private static double mean(double[] values) {
    return Arrays.stream(values).average().orElse(0);
  }

  private static double variance(double[] values) {
    double mean = mean(values);
    return Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum() / (values.length - 1);
  }

  private static double welch(double[] a, double[] b) {
    return (mean(a) - mean(b)) / Math.sqrt(variance(a) / a.length + variance(b) / b.length);
  }
}
