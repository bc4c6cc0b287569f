package dev.warren.interop;

/** Who of the two makes the connection. */
enum Direction {
  WE_DIAL("we dial"),
  THEY_DIAL("they dial");

  private final String label;

  Direction(String label) {
    this.label = label;
  }

  String label() {
    return label;
  }
}
