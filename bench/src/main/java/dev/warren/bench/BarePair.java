package dev.warren.bench;

import java.io.IOException;

/** Two processes that pass bare records: {@link BareRecordsPeer}. */
final class BarePair implements Carrier, AutoCloseable {
  private final JvmProcess receiver;
  private final JvmProcess sender;

  private BarePair(JvmProcess receiver, JvmProcess sender) {
    this.receiver = receiver;
    this.sender = sender;
  }

  static BarePair start() throws IOException {
    JvmProcess receiver = JvmProcess.start(BareRecordsPeer.class);
    return new BarePair(receiver, JvmProcess.start(BareRecordsPeer.class, receiver.answer()));
  }

  @Override
  public String name() {
    return "bare records";
  }

  /** The records always flow one way on one connection, whatever the transfer asks for. */
  @Override
  public Transfer.Result transfer(Transfer transfer, long bytes) throws IOException {
    long records = Math.ceilDiv(bytes, BareRecordsPeer.PLAINTEXT_BYTES);
    ProcessMeter senderMeter = ProcessMeter.start(sender.pid());
    ProcessMeter receiverMeter = ProcessMeter.start(receiver.pid());
    double seconds = Long.parseLong(sender.ask(Long.toString(records))) / 1e9;
    return new Transfer.Result(
        records * BareRecordsPeer.PLAINTEXT_BYTES,
        seconds,
        senderMeter.read(),
        receiverMeter.read());
  }

  @Override
  public void close() throws IOException {
    try (receiver) {
      sender.close();
    }
  }
}
