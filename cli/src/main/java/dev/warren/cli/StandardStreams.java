package dev.warren.cli;

import java.io.PrintWriter;

/** The streams of this process as writers in the encoding of the terminal. */
final class StandardStreams {
  private StandardStreams() {}

  static PrintWriter out() {
    return new PrintWriter(System.out, false, System.out.charset());
  }

  static PrintWriter err() {
    return new PrintWriter(System.err, false, System.err.charset());
  }
}
