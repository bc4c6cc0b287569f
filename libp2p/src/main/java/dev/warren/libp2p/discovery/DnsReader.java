package dev.warren.libp2p.discovery;

import dev.warren.libp2p.discovery.DnsMessage.Data;
import dev.warren.libp2p.discovery.DnsMessage.Question;
import dev.warren.libp2p.discovery.DnsMessage.ResourceRecord;
import dev.warren.libp2p.multiformats.MalformedException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Reads messages that anybody on the network may have sent. */
final class DnsReader {
  /** RFC 6762, 17. */
  static final int MAX_MESSAGE_BYTES = 9000;

  /** Far more than an answer of any libp2p node has. */
  private static final int MAX_RECORDS = 256;

  private static final int MAX_NAME_BYTES = 255;

  /** A name has fewer labels than this, so whoever follows more pointers goes in circles. */
  private static final int MAX_POINTERS = 127;

  private static final int POINTER = 0xc0;
  private static final int RESPONSE = 0x8000;
  private static final int OPCODE_AND_RCODE = 0x780f;

  /** The top bit asks for a unicast answer, or for older records to be dropped. */
  private static final int CLASS_MASK = 0x7fff;

  private static final int CLASS_INTERNET = 1;

  private final byte[] bytes;
  private int at;

  private DnsReader(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * Reads a message.
   *
   * @throws MalformedException if it is none, or one that RFC 6762 says to ignore
   */
  static DnsMessage read(byte[] bytes) {
    if (bytes.length > MAX_MESSAGE_BYTES) {
      throw new MalformedException("DNS message of " + bytes.length + " bytes");
    }
    return new DnsReader(bytes).message();
  }

  private DnsMessage message() {
    number(2); // the id, which multicast makes no use of
    int flags = number(2);
    if ((flags & OPCODE_AND_RCODE) != 0) {
      throw new MalformedException("DNS message that is neither query nor plain answer");
    }
    int questionCount = number(2);
    int answerCount = number(2);
    int authorityCount = number(2);
    int additionalCount = number(2);
    int total = questionCount + answerCount + authorityCount + additionalCount;
    if (total > MAX_RECORDS) {
      throw new MalformedException("DNS message of " + total + " records");
    }
    List<Question> questions = new ArrayList<>();
    for (int i = 0; i < questionCount; i++) {
      DnsName name = name();
      int type = number(2);
      number(2); // the class; nobody asks for another one
      questions.add(new Question(name, type));
    }
    List<ResourceRecord> answers = records(answerCount);
    records(authorityCount);
    return new DnsMessage((flags & RESPONSE) != 0, questions, answers, records(additionalCount));
  }

  private List<ResourceRecord> records(int count) {
    List<ResourceRecord> records = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      DnsName name = name();
      int type = number(2);
      boolean internet = (number(2) & CLASS_MASK) == CLASS_INTERNET;
      long ttlSeconds = ((long) number(2) << 16) | number(2);
      int length = number(2);
      require(length);
      int end = at + length;
      Optional<Data> data = internet ? data(type, end) : Optional.empty();
      data.ifPresent(known -> records.add(new ResourceRecord(name, ttlSeconds, known)));
      if (data.isPresent() && at != end) {
        throw new MalformedException("DNS record of another length than it says");
      }
      at = end;
    }
    return records;
  }

  private Optional<Data> data(int type, int end) {
    return switch (type) {
      case DnsMessage.TYPE_PTR -> Optional.of(new Data.Pointer(name()));
      case DnsMessage.TYPE_TXT -> Optional.of(text(end));
      case DnsMessage.TYPE_SRV -> {
        number(2); // priority
        number(2); // weight
        yield Optional.of(new Data.Service(number(2), name()));
      }
      case DnsMessage.TYPE_A -> address(4);
      case DnsMessage.TYPE_AAAA -> address(16);
      default -> Optional.empty();
    };
  }

  private Data text(int end) {
    List<String> strings = new ArrayList<>();
    while (at < end) {
      int length = number(1);
      require(length);
      strings.add(latin(at, length));
      at += length;
    }
    return new Data.Text(strings);
  }

  private Optional<Data> address(int length) {
    require(length);
    byte[] ip = Arrays.copyOfRange(bytes, at, at + length);
    at += length;
    try {
      InetAddress address = InetAddress.getByAddress(ip);
      // What comes back shorter was an IPv4 address dressed up as one of IPv6.
      return address.getAddress().length == length
          ? Optional.of(new Data.Address(address))
          : Optional.empty();
    } catch (UnknownHostException e) {
      throw new MalformedException("no address: " + e.getMessage(), e);
    }
  }

  /** RFC 1035, 4.1.4. */
  private DnsName name() {
    List<String> labels = new ArrayList<>();
    int nameBytes = 1;
    int pointers = 0;
    int resume = -1;
    for (int length = number(1); length != 0; length = number(1)) {
      switch (length & POINTER) {
        case 0 -> {
          nameBytes += 1 + length;
          if (nameBytes > MAX_NAME_BYTES) {
            throw new MalformedException(
                "domain name of more than %d bytes".formatted(MAX_NAME_BYTES));
          }
          require(length);
          labels.add(lowerCase(latin(at, length)));
          at += length;
        }
        case POINTER -> {
          if (++pointers > MAX_POINTERS) {
            throw new MalformedException("domain name that goes in circles");
          }
          int target = ((length & ~POINTER) << 8) | number(1);
          resume = resume < 0 ? at : resume;
          at = target;
        }
        default -> throw new MalformedException("label of unknown kind in a domain name");
      }
    }
    at = resume < 0 ? at : resume;
    return new DnsName(labels);
  }

  private static String lowerCase(String label) {
    StringBuilder lower = new StringBuilder(label);
    for (int i = 0; i < label.length(); i++) {
      char c = label.charAt(i);
      if (c >= 'A' && c <= 'Z') {
        lower.setCharAt(i, (char) (c - 'A' + 'a'));
      }
    }
    return lower.toString();
  }

  private String latin(int from, int length) {
    return new String(bytes, from, length, StandardCharsets.ISO_8859_1);
  }

  /** The next number, of one or two bytes. */
  private int number(int size) {
    require(size);
    int value = 0;
    for (int i = 0; i < size; i++) {
      value = (value << 8) | (bytes[at++] & 0xff);
    }
    return value;
  }

  private void require(int length) {
    if (at + length > bytes.length) {
      throw new MalformedException("DNS message that ends too early");
    }
  }
}
