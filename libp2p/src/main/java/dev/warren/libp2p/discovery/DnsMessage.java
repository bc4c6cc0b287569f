package dev.warren.libp2p.discovery;

import java.net.InetAddress;
import java.util.List;
import java.util.stream.Stream;

/**
 * A DNS message (RFC 1035, 4.1), reduced to what discovery by multicast uses of it. Authority
 * records, and records of other types and classes, are skipped when one is read.
 *
 * @param response whether it answers or announces, as opposed to asking
 */
record DnsMessage(
    boolean response,
    List<Question> questions,
    List<ResourceRecord> answers,
    List<ResourceRecord> additionals) {

  static final int TYPE_A = 1;
  static final int TYPE_PTR = 12;
  static final int TYPE_TXT = 16;
  static final int TYPE_AAAA = 28;
  static final int TYPE_SRV = 33;
  static final int TYPE_ANY = 255;

  DnsMessage {
    questions = List.copyOf(questions);
    answers = List.copyOf(answers);
    additionals = List.copyOf(additionals);
  }

  record Question(DnsName name, int type) {
    boolean asksFor(int wanted) {
      return type == wanted || type == TYPE_ANY;
    }
  }

  record ResourceRecord(DnsName name, long ttlSeconds, Data data) {}

  sealed interface Data {
    /** PTR. */
    record Pointer(DnsName target) implements Data {}

    /** TXT; a character of a string is a byte. */
    record Text(List<String> strings) implements Data {
      public Text {
        strings = List.copyOf(strings);
      }
    }

    /** SRV; priority and weight mean nothing where each instance has one host. */
    record Service(int port, DnsName host) implements Data {}

    /** A or AAAA. */
    record Address(InetAddress ip) implements Data {}
  }

  /** The records of all sections: implementations differ in where they put what. */
  Stream<ResourceRecord> records() {
    return Stream.concat(answers.stream(), additionals.stream());
  }
}
