package dev.warren.node;

import dev.warren.node.receive.ListingPlan;
import java.io.IOException;
import java.util.Optional;

/** Asks whether to receive what was listed, and marks what becomes of it. */
record SwarmConsent(
    ReceiveOptions options, Found found, SwarmMemory memory, ReceivedFiles files, Output output) {

  /**
   * Asks; takes as long as a person needs.
   *
   * @return what will come, or nothing if it is declined
   */
  Optional<ReceivePlan.Totals> ask() throws IOException {
    boolean begins = !files.share().hasBegun();
    Optional<Agreement> before = begins ? Optional.empty() : Agreement.in(files.database());
    ListingPlan plan =
        ListingPlan.of(
            files.share(),
            memory.name(),
            memory.description(),
            found.sharer().peerId(),
            Wanted.by(options.only()),
            before.map(Agreement::conflicts));
    // Also of one that goes on: the user may want no more than to see the list.
    Optional<ConflictPolicy> policy = options.consent().decide(plan);
    if (policy.isEmpty()) {
      return Optional.empty();
    }
    var agreed = new Agreement(options.only(), policy.get());
    if (before.isPresent() && !before.get().equals(agreed)) {
      throw new BegunOtherwiseException(before.get().only(), before.get().conflicts());
    }
    ReceivePlan.Totals totals = plan.totals();
    if (begins) {
      output.check(totals);
    }
    output.reserve(files, totals.bytes());
    if (begins) {
      agreed.keep(files.database());
      plan.accept(policy.get(), _ -> {});
      totals = plan.totals();
      files.note(memory.name(), totals.files(), totals.bytes(), 0);
    }
    return Optional.of(totals);
  }
}
