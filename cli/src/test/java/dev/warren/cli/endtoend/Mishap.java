package dev.warren.cli.endtoend;

/** What may befall a transfer. */
enum Mishap {
  KILL_SHARER("the sharer is killed and started again"),
  KILL_RECEIVER("a receiver is killed and started again"),
  INTERRUPT_RECEIVER("a receiver is stopped by Ctrl-C and started again"),
  CUT("all connections of a receiver to the sharer are cut"),
  CORRUPT("a bit is changed on its way to a receiver"),
  STALL("nothing reaches a receiver for a while"),
  LYING_SOURCE("another source gives wrong content"),
  SHARER_LEAVES("the sharer is killed and another source has all of it"),
  CHANGE_FILE("a file is changed while it is shared"),
  DISK_FULL("the receiver's disk fills up, and has room when it is started again");

  private final String description;

  Mishap(String description) {
    this.description = description;
  }

  String description() {
    return description;
  }
}
