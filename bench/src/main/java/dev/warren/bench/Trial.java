package dev.warren.bench;

/** A transfer between two processes, to be measured several times. */
record Trial(Carrier carrier, Transfer transfer) {
  @Override
  public String toString() {
    return carrier.name() + ", " + transfer;
  }
}
