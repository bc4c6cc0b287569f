package dev.warren.libp2p.discovery;

import dev.warren.libp2p.discovery.DnsMessage.Data;
import dev.warren.libp2p.discovery.DnsMessage.Question;
import dev.warren.libp2p.discovery.DnsMessage.ResourceRecord;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Writes messages, without compression of names: our own are short and fit without. */
final class DnsWriter {
  private static final int AUTHORITATIVE_RESPONSE = 0x8400;
  private static final int CLASS_INTERNET = 1;

  /** "Drop what you know from before" (RFC 6762, 10.2), for records that only one host sends. */
  private static final int CACHE_FLUSH = 0x8000;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private DnsWriter() {}

  static byte[] write(DnsMessage message) {
    DnsWriter writer = new DnsWriter();
    writer.number(2, 0); // the id
    writer.number(2, message.response() ? AUTHORITATIVE_RESPONSE : 0);
    writer.number(2, message.questions().size());
    writer.number(2, message.answers().size());
    writer.number(2, 0); // authorities
    writer.number(2, message.additionals().size());
    for (Question question : message.questions()) {
      writer.name(question.name());
      writer.number(2, question.type());
      writer.number(2, CLASS_INTERNET);
    }
    message.records().forEach(writer::record);
    return writer.out.toByteArray();
  }

  private void record(ResourceRecord record) {
    DnsWriter data = new DnsWriter();
    int type = data.data(record.data());
    name(record.name());
    number(2, type);
    number(2, type == DnsMessage.TYPE_PTR ? CLASS_INTERNET : CLASS_INTERNET | CACHE_FLUSH);
    number(4, record.ttlSeconds());
    number(2, data.out.size());
    out.writeBytes(data.out.toByteArray());
  }

  /** Writes the data and says of what type it is. */
  private int data(Data data) {
    return switch (data) {
      case Data.Pointer(DnsName target) -> {
        name(target);
        yield DnsMessage.TYPE_PTR;
      }
      case Data.Text(List<String> strings) -> {
        strings.forEach(this::string);
        yield DnsMessage.TYPE_TXT;
      }
      case Data.Service(int port, DnsName host) -> {
        number(4, 0); // priority and weight
        number(2, port);
        name(host);
        yield DnsMessage.TYPE_SRV;
      }
      case Data.Address(var ip) -> {
        byte[] bytes = ip.getAddress();
        out.writeBytes(bytes);
        yield bytes.length == 4 ? DnsMessage.TYPE_A : DnsMessage.TYPE_AAAA;
      }
    };
  }

  private void name(DnsName name) {
    name.labels().forEach(this::string);
    out.write(0);
  }

  private void string(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    out.write(bytes.length);
    out.writeBytes(bytes);
  }

  private void number(int size, long value) {
    for (int shift = 8 * (size - 1); shift >= 0; shift -= 8) {
      out.write((int) (value >>> shift));
    }
  }
}
