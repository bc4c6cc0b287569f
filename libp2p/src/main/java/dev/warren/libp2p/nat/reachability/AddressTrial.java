package dev.warren.libp2p.nat.reachability;

import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;

/**
 * What servers have found out about one address: the last word of each of the last few, and what
 * follows from it. A verdict stands until as much speaks against it as would have been needed for
 * the other one, so that it does not swing with every answer.
 */
final class AddressTrial {
  /**
   * One answer.
   *
   * @param proved whether it came by the second version, and not by the word of a server alone
   * @param stranger whether it is about an IP address that this transport is not in use with, so
   *     that no NAT can have let it in for anything that we sent
   */
  record Outcome(boolean reached, boolean proved, boolean stranger) {}

  /** After this many nobody else is asked. */
  static final int ENOUGH = 3;

  private static final int MAX_OUTCOMES = 5;

  /** By so many one side must be ahead; less will do when there is nobody else to ask. */
  static final int CONFIDENCE = 2;

  /** What is only said has to be said more often, and by so many in any case. */
  private static final int CONFIDENCE_IN_WORDS = 3;

  private static final Duration FIRST_PAUSE_IN_DOUBT = Duration.ofSeconds(15);
  private static final Duration LONGEST_PAUSE_IN_DOUBT = Duration.ofMinutes(10);
  private static final Duration FIRST_PAUSE = Duration.ofMinutes(5);
  private static final Duration LONGEST_PAUSE = Duration.ofHours(1);

  private final boolean known;

  /** The oldest first. */
  private final SequencedMap<Observer, Outcome> outcomes = new LinkedHashMap<>();

  private final Set<Observer> refusing = new HashSet<>();
  private Verdict verdict = Verdict.UNKNOWN;
  private Duration pause = FIRST_PAUSE_IN_DOUBT;
  private boolean settled;
  private long dueNanos;

  /**
   * @param known whether the host knows the address itself, and not by what others see
   */
  AddressTrial(boolean known, long nowNanos) {
    this.known = known;
    dueNanos = nowNanos;
  }

  boolean isKnown() {
    return known;
  }

  Verdict verdict() {
    return verdict;
  }

  boolean isDue(long nowNanos) {
    return nowNanos - dueNanos >= 0;
  }

  /** Something has changed: what was found may hold no longer. */
  void again(long nowNanos) {
    settled = false;
    dueNanos = nowNanos;
  }

  /** Whether the server could add something. */
  boolean isOpenTo(Observer server) {
    return outcomes.size() < ENOUGH && !outcomes.containsKey(server) && !refusing.contains(server);
  }

  boolean isRefusedBy(Observer server) {
    return refusing.contains(server);
  }

  /** The server does not dial it, which may be for want of the transport. */
  void refusedBy(Observer server, List<Observer> servers) {
    refusing.retainAll(servers);
    refusing.add(server);
  }

  /**
   * Somebody has answered.
   *
   * @param servers all who could be asked
   */
  void answered(Observer server, Outcome outcome, List<Observer> servers, long nowNanos) {
    outcomes.remove(server);
    outcomes.putLast(server, outcome);
    if (outcomes.size() > MAX_OUTCOMES) {
      outcomes.pollFirstEntry();
    }
    judge(servers.stream().noneMatch(this::isOpenTo));
    boolean agrees = verdict == (outcome.reached() ? Verdict.PUBLIC : Verdict.PRIVATE);
    Duration longest = agrees ? LONGEST_PAUSE : LONGEST_PAUSE_IN_DOUBT;
    Duration doubled = pause.multipliedBy(2);
    if (agrees != settled) {
      pause = agrees ? FIRST_PAUSE : FIRST_PAUSE_IN_DOUBT;
    } else {
      pause = doubled.compareTo(longest) < 0 ? doubled : longest;
    }
    settled = agrees;
    dueNanos = nowNanos + pause.toNanos();
  }

  private void judge(boolean nobodyElse) {
    List<Outcome> counted = counted();
    int score = counted.stream().mapToInt(each -> each.reached() ? 1 : -1).sum();
    boolean proved = counted.stream().allMatch(Outcome::proved);
    int needed = !proved ? CONFIDENCE_IN_WORDS : nobodyElse ? 1 : CONFIDENCE;
    if (Math.abs(score) >= needed) {
      verdict = score > 0 ? Verdict.PUBLIC : Verdict.PRIVATE;
    }
  }

  /**
   * Words are for want of proofs. And that an acquaintance comes in says nothing where a NAT may
   * let in whom we talk with and nobody else; it counts for addresses that the host knows itself,
   * as long as no stranger has tried.
   */
  private List<Outcome> counted() {
    boolean proofs = outcomes.values().stream().anyMatch(Outcome::proved);
    boolean strangers = outcomes.values().stream().anyMatch(Outcome::stranger);
    return outcomes.values().stream()
        .filter(each -> each.proved() == proofs)
        .filter(each -> !each.reached() || each.stranger() || (known && !strangers))
        .toList();
  }

  /** Whether there is such an answer, by the second version. */
  boolean has(boolean reached, boolean stranger) {
    return outcomes.containsValue(new Outcome(reached, true, stranger));
  }

  /** How many have answered. */
  int outcomes() {
    return outcomes.size();
  }

  /** How recently the server has answered: 0 if it never has, more the later it did. */
  int recency(Observer server) {
    return List.copyOf(outcomes.keySet()).indexOf(server) + 1;
  }
}
