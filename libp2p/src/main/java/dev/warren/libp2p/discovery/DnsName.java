package dev.warren.libp2p.discovery;

import java.util.List;
import java.util.stream.Stream;

/**
 * A domain name, lower-cased where DNS ignores case (RFC 1035, 2.3.3), so that equal names are
 * equal. A label holds any bytes, one a character.
 */
record DnsName(List<String> labels) {
  static final int MAX_LABEL_BYTES = 63;

  DnsName {
    labels = List.copyOf(labels);
  }

  /** Reads a name of labels that have no dots in them. */
  static DnsName of(String dotted) {
    return new DnsName(List.of(dotted.split("\\.", -1)));
  }

  /** This name with a label before it. */
  DnsName child(String label) {
    return new DnsName(Stream.concat(Stream.of(label), labels.stream()).toList());
  }

  @Override
  public String toString() {
    return String.join(".", labels);
  }
}
