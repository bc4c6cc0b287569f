package dev.warren.libp2p.dht.lookup;

import dev.warren.libp2p.dht.lookup.Candidate.State;
import dev.warren.libp2p.dht.routing.Key;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The candidates that one line of answers has named, nearest first. */
final class Path {
  /** With so many answers there is no need to wait for the slow, when there is nobody else. */
  private static final int ENOUGH_ANSWERS = 3;

  /** What is far beyond the nearest will never be asked. */
  private static final int KEPT_PER_WIDTH = 8;

  private final Key target;
  private final int width;
  private final int confirm;
  private final List<Candidate> nearest = new ArrayList<>();

  Path(Key target, int width, int confirm) {
    this.target = target;
    this.width = width;
    this.confirm = confirm;
  }

  void add(Candidate candidate) {
    int low = 0;
    int high = nearest.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      int order =
          target.compareDistances(nearest.get(middle).contact.key(), candidate.contact.key());
      if (order == 0) {
        return; // equal distances are equal keys
      }
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    if (low < KEPT_PER_WIDTH * width) {
      nearest.add(low, candidate);
      if (nearest.size() > KEPT_PER_WIDTH * width) {
        nearest.removeLast();
      }
    }
  }

  /** The nearest who has not been asked, if it could be among the nearest that are alive. */
  Optional<Candidate> next() {
    int alive = 0;
    for (Candidate candidate : nearest) {
      if (candidate.state == State.HEARD) {
        return Optional.of(candidate);
      }
      if (candidate.state.isAlive() && ++alive == width) {
        break;
      }
    }
    return Optional.empty();
  }

  boolean isDone() {
    int answered = 0;
    boolean waiting = false;
    for (Candidate candidate : nearest) {
      switch (candidate.state) {
        case HEARD, ASKED -> {
          return false;
        }
        case ANSWERED -> {
          if (++answered == confirm) {
            return true;
          }
        }
        case SLOW -> waiting = true;
        case FAILED -> {}
      }
    }
    return !waiting || answered >= ENOUGH_ANSWERS;
  }

  List<Candidate> nearest() {
    return nearest;
  }
}
