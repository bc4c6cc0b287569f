package dev.warren.libp2p.dht.provide;

/**
 * The distribution of the distance, times the number of peers, of the k-th nearest of many peers
 * that are spread at random: the Erlang distribution with shape k and rate 1.
 */
final class Erlang {
  private Erlang() {}

  /** The chance of no more than x: one less the first k terms of the Poisson distribution. */
  static double chanceBelow(int shape, double x) {
    double term = Math.exp(-x);
    double sum = 0;
    for (int i = 0; i < shape; i++) {
      sum += term;
      term *= x / (i + 1);
    }
    return 1 - sum;
  }

  /** What is not exceeded with this chance. */
  static double quantile(int shape, double chance) {
    double low = 0;
    double high = 10.0 * shape + 20;
    for (int i = 0; i < 60; i++) {
      double middle = (low + high) / 2;
      if (chanceBelow(shape, middle) < chance) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return (low + high) / 2;
  }
}
