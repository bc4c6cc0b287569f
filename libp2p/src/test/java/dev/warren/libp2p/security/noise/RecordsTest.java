package dev.warren.libp2p.security.noise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.warren.libp2p.security.SecureChannelException;
import dev.warren.libp2p.security.SecureChannelException.Reason;
import dev.warren.libp2p.transport.Duplex;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordsTest {
  private static final byte[] KEY = new byte[32];
  private static final byte[] NOTHING = {};

  @Test
  void aReadTakesEveryRecordThatHasArrivedAndFits() throws IOException {
    Wire wire = new Wire(joined(records(100, 200, 300)));
    RecordReader reader = reader(wire);
    assertThat(reader.read(new byte[1000], 0, 1000)).isEqualTo(600);
    assertThat(reader.read(new byte[1000], 0, 1000)).isEqualTo(-1);
  }

  @Test
  void aReadStopsBeforeARecordThatDoesNotFit() throws IOException {
    RecordReader reader = reader(new Wire(joined(records(100, 200, 300))));
    assertThat(reader.read(new byte[399], 0, 399)).isEqualTo(300);
    assertThat(reader.read(new byte[399], 0, 399)).isEqualTo(300);
  }

  @Test
  void aReadDoesNotWaitForARecordThatIsStillArriving() throws IOException {
    byte[] first = records(100).getFirst();
    byte[] both = joined(records(100, 200));
    Wire wire = new Wire(both).inPiecesOf(first.length + 10);
    RecordReader reader = reader(wire);
    assertThat(reader.read(new byte[1000], 0, 1000)).isEqualTo(100);
    assertThat(wire.reads).isEqualTo(1);
    assertThat(reader.read(new byte[1000], 0, 1000)).isEqualTo(200);
  }

  @Test
  void whatIsAvailableIsWhatHasArrived() throws IOException {
    byte[] first = records(100).getFirst();
    byte[] all = joined(records(100, 200, 300));
    RecordReader reader = reader(new Wire(all).inPiecesOf(2 * first.length + 110));
    byte[] buffer = new byte[100];
    assertThat(reader.available()).isZero();
    assertThat(reader.read(buffer, 0, 40)).isEqualTo(40);
    assertThat(reader.available()).isEqualTo(60);
    assertThat(reader.read(buffer, 0, 60)).isEqualTo(60);
    assertThat(reader.available()).as("the second record").isEqualTo(200);
    assertThat(reader.read(buffer, 0, 100)).isEqualTo(100);
    assertThat(reader.read(buffer, 0, 100)).isEqualTo(100);
    assertThat(reader.available()).as("the third has not arrived whole").isZero();
  }

  @Test
  void emptyRecordsAreSkipped() throws IOException {
    RecordReader reader = reader(new Wire(joined(records(0, 0, 3, 0, 100, 0))));
    byte[] buffer = new byte[50];
    assertThat(reader.read(buffer, 0, 50)).isEqualTo(3);
    assertThat(reader.read(buffer, 0, 50)).isEqualTo(50);
    assertThat(reader.read(buffer, 0, 50)).isEqualTo(50);
    assertThat(reader.read(buffer, 0, 50)).isEqualTo(-1);
  }

  @Test
  void anyChangeOfARecordIsNoticedAndClosesTheConnection() {
    byte[] record = records(20).getFirst();
    for (int at = 2; at < record.length; at++) {
      byte[] changed = record.clone();
      changed[at] ^= 0x40;
      Wire wire = new Wire(changed);
      assertThat(failure(reader(wire)).reason()).isEqualTo(Reason.CORRUPT);
      assertThat(wire.closed).isTrue();
    }
  }

  @Test
  void aChangedLengthIsNoticed() {
    byte[] both = joined(records(20, 20));
    for (int bit = 0; bit < 16; bit++) {
      byte[] changed = both.clone();
      changed[bit / 8] ^= (byte) (1 << bit % 8);
      assertThat(failure(reader(new Wire(changed))).reason())
          .isIn(Reason.CORRUPT, Reason.TRUNCATED);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 15})
  void aRecordTooShortForItsTagIsCorrupt(int length) {
    byte[] record = new byte[2 + length];
    record[1] = (byte) length;
    assertThat(failure(reader(new Wire(record))).reason()).isEqualTo(Reason.CORRUPT);
  }

  @Test
  void replayedDroppedAndReorderedRecordsAreCorruptAndWhatCameBeforeIsRead() throws IOException {
    List<byte[]> sent = records(10, 10, 10);
    List<List<Integer>> orders =
        List.of(List.of(0, 0), List.of(0, 2), List.of(0, 2, 1), List.of(0, 1, 1), List.of(1, 0));
    for (List<Integer> order : orders) {
      RecordReader reader = reader(new Wire(joined(order.stream().map(sent::get).toList())));
      int good = 0;
      while (good < order.size() && order.get(good) == good) {
        good++;
      }
      if (good > 0) {
        assertThat(reader.read(new byte[100], 0, 100)).isEqualTo(10 * good);
      }
      assertThat(failure(reader).reason()).isEqualTo(Reason.CORRUPT);
      assertThat(failure(reader).reason()).as("it stays so").isEqualTo(Reason.CORRUPT);
    }
  }

  @Test
  void anEndInsideARecordIsATruncation() throws IOException {
    byte[] both = joined(records(10, 10));
    int boundary = both.length / 2;
    for (int end = 1; end < both.length; end++) {
      RecordReader reader = reader(new Wire(Arrays.copyOf(both, end)));
      if (end >= boundary) {
        assertThat(reader.read(new byte[100], 0, 100)).isEqualTo(10);
      }
      if (end == boundary) {
        assertThat(reader.read(new byte[100], 0, 100)).isEqualTo(-1);
      } else {
        assertThat(failure(reader).reason()).isEqualTo(Reason.TRUNCATED);
      }
    }
  }

  @Test
  void largeWritesFillRecordsAndSeveralGoOutTogether() throws IOException {
    Wire wire = new Wire(NOTHING);
    RecordWriter writer = new RecordWriter(wire, new CipherState(KEY));
    byte[] data = new byte[5 * Records.MAX_PLAINTEXT_BYTES + 1];
    new Random(1).nextBytes(data);
    writer.write(data, 3, data, 3, data.length - 3);
    assertThat(wire.writes).containsExactly(4 * 65537, 65537 + 2 + 1 + 16);

    RecordReader reader = reader(new Wire(wire.written.toByteArray()));
    byte[] got = new byte[data.length];
    int n = 0;
    while (n < got.length) {
      n += reader.read(got, n, got.length - n);
    }
    assertThat(got).isEqualTo(data);
  }

  @Test
  void aFrameOf256KibGoesOutInOneWrite() throws IOException {
    Wire wire = new Wire(NOTHING);
    RecordWriter writer = new RecordWriter(wire, new CipherState(KEY));
    writer.write(new byte[12], 12, new byte[256 * 1024], 0, 256 * 1024);
    assertThat(wire.writes).containsExactly(12 + 256 * 1024 + 5 * Records.OVERHEAD_BYTES);
  }

  @Test
  void aHeaderAndItsBodyAreOneRecord() throws IOException {
    Wire wire = new Wire(NOTHING);
    RecordWriter writer = new RecordWriter(wire, new CipherState(KEY));
    writer.write(new byte[] {1, 2, 9, 9}, 2, new byte[] {9, 3, 4, 9}, 1, 2);
    assertThat(wire.writes).containsExactly(2 + 4 + 16);
    byte[] got = new byte[4];
    assertThat(reader(new Wire(wire.written.toByteArray())).read(got, 0, 4)).isEqualTo(4);
    assertThat(got).containsExactly(1, 2, 3, 4);
  }

  @Test
  void nothingIsWrittenWhenTheNoncesAreUsedUp() {
    Wire wire = new Wire(NOTHING);
    RecordWriter writer = new RecordWriter(wire, new CipherState(KEY, -1L));
    SecureChannelException e =
        catchThrowableOfType(
            SecureChannelException.class, () -> writer.write(NOTHING, 0, new byte[1], 0, 1));
    assertThat(e.reason()).isEqualTo(Reason.EXHAUSTED);
    assertThat(wire.writes).isEmpty();
    assertThat(wire.closed).isTrue();
  }

  @Test
  void nothingIsReadWhenTheNoncesAreUsedUp() {
    Wire wire = new Wire(records(1).getFirst());
    RecordReader reader = new RecordReader(wire, new CipherState(KEY, -1L));
    assertThat(failure(reader).reason()).isEqualTo(Reason.EXHAUSTED);
  }

  @Test
  void theReadBufferGrowsWithWhatArrivesAndNotWithWhatIsAnnounced() throws IOException {
    byte[] announced = {(byte) 0xff, (byte) 0xff, 1, 2, 3};
    RecordReader waiting = reader(new Wire(announced));
    assertThat(failure(waiting).reason()).isEqualTo(Reason.TRUNCATED);
    assertThat(waiting.bufferBytes()).isEqualTo(RecordReader.MIN_BUFFER_BYTES);

    int full = Records.MAX_PLAINTEXT_BYTES;
    RecordReader busy = reader(new Wire(joined(records(full, full, full, full, full, full))));
    byte[] buffer = new byte[full];
    for (int i = 0; i < 6; i++) {
      assertThat(busy.read(buffer, 0, full)).isEqualTo(full);
    }
    assertThat(busy.bufferBytes()).isEqualTo(RecordReader.MAX_BUFFER_BYTES);
  }

  @Test
  void theReadBufferShrinksAfterManySmallReads() throws IOException {
    Wire wire = new Wire(bulkThenSmallRecords(80));
    RecordReader reader = reader(wire);
    byte[] buffer = new byte[100_000];
    drainBulk(reader, wire, buffer);
    for (int i = 0; i < 80; i++) {
      assertThat(reader.read(buffer, 0, buffer.length)).isEqualTo(10);
    }
    assertThat(reader.bufferBytes()).isEqualTo(RecordReader.MIN_BUFFER_BYTES);
  }

  @Test
  void trimmingLetsTheReadBufferGoWithTheNextRead() throws IOException {
    Wire wire = new Wire(bulkThenSmallRecords(2));
    RecordReader reader = reader(wire);
    byte[] buffer = new byte[100_000];
    drainBulk(reader, wire, buffer);
    assertThat(reader.bufferBytes()).isGreaterThan(60_000);
    reader.trim();
    assertThat(reader.read(buffer, 0, buffer.length)).isEqualTo(10);
    assertThat(reader.bufferBytes()).isEqualTo(RecordReader.MIN_BUFFER_BYTES);
  }

  @Test
  void aFrugalReaderHoldsOneRecord() throws IOException {
    int full = Records.MAX_PLAINTEXT_BYTES;
    RecordReader busy = reader(new Wire(joined(records(full, full, full, full, full, full))));
    busy.beFrugal();
    for (int i = 0; i < 6; i++) {
      assertThat(busy.receive().remaining()).isEqualTo(full);
    }
    assertThat(busy.bufferBytes()).isEqualTo(Records.MAX_RECORD_BYTES);
  }

  @Test
  void whatIsLentIsWhatWasWrittenAndThenTheEnd() throws IOException {
    Wire wire = new Wire(NOTHING);
    RecordWriter writer = new RecordWriter(wire, new CipherState(KEY));
    writer.write(NOTHING, 0, new byte[] {1, 2, 3}, 0, 3);
    writer.write(NOTHING, 0, new byte[] {4, 5}, 0, 2);
    RecordReader reader = reader(new Wire(wire.written.toByteArray()));

    assertThat(reader.receive()).isEqualTo(ByteBuffer.wrap(new byte[] {1, 2, 3}));
    byte[] one = new byte[1];
    assertThat(reader.read(one, 0, 1)).isEqualTo(1);
    assertThat(one).containsExactly(4);
    assertThat(reader.receive()).isEqualTo(ByteBuffer.wrap(new byte[] {5}));
    assertThat(reader.receive().hasRemaining()).isFalse();
  }

  @Test
  void theWriteBufferIsKeptForSmallWritesAndGoesWhenTrimmed() throws IOException {
    RecordWriter writer = new RecordWriter(new Wire(NOTHING), new CipherState(KEY));
    assertThat(writer.bufferBytes()).isZero();
    writer.write(NOTHING, 0, new byte[12], 0, 12);
    assertThat(writer.bufferBytes()).isLessThan(1000);
    writer.write(NOTHING, 0, new byte[1_000_000], 0, 1_000_000);
    assertThat(writer.bufferBytes()).isLessThan(1000);
    writer.trim();
    assertThat(writer.bufferBytes()).isZero();
  }

  private static final int BULK_RECORDS = 4;

  private static byte[] bulkThenSmallRecords(int small) {
    int[] lengths = new int[BULK_RECORDS + small];
    Arrays.fill(lengths, 0, BULK_RECORDS, Records.MAX_PLAINTEXT_BYTES);
    Arrays.fill(lengths, BULK_RECORDS, lengths.length, 10);
    return joined(records(lengths));
  }

  private static void drainBulk(RecordReader reader, Wire wire, byte[] buffer) throws IOException {
    wire.stopAt(BULK_RECORDS * Records.MAX_RECORD_BYTES);
    for (int i = 0; i < BULK_RECORDS; i++) {
      assertThat(reader.read(buffer, 0, buffer.length)).isEqualTo(Records.MAX_PLAINTEXT_BYTES);
    }
    wire.inPiecesOf(2 + 10 + 16);
  }

  private static RecordReader reader(Wire wire) {
    return new RecordReader(wire, new CipherState(KEY));
  }

  private static SecureChannelException failure(RecordReader reader) {
    SecureChannelException e =
        catchThrowableOfType(
            SecureChannelException.class, () -> reader.read(new byte[100_000], 0, 100_000));
    assertThat(e).as("the read fails").isNotNull();
    return e;
  }

  private static List<byte[]> records(int... lengths) {
    CipherState cipher = new CipherState(KEY);
    List<byte[]> records = new ArrayList<>();
    for (int length : lengths) {
      records.add(ScriptedPeer.frame(cipher.encrypt(NOTHING, new byte[length])));
    }
    return records;
  }

  private static byte[] joined(List<byte[]> parts) {
    ByteArrayOutputStream joined = new ByteArrayOutputStream();
    parts.forEach(joined::writeBytes);
    return joined.toByteArray();
  }

  /** Gives out what it was made with, and notes what is done to it. */
  private static final class Wire implements Duplex {
    private final byte[] incoming;
    private final List<Integer> writes = new ArrayList<>();
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private int at;
    private int reads;
    private int piece = Integer.MAX_VALUE;
    private int stop = Integer.MAX_VALUE;
    private boolean closed;

    Wire(byte[] incoming) {
      this.incoming = incoming;
    }

    Wire inPiecesOf(int bytes) {
      piece = bytes;
      stop = Integer.MAX_VALUE;
      return this;
    }

    void stopAt(int position) {
      stop = position;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) {
      int there = Math.min(incoming.length, stop) - at;
      if (there == 0) {
        return -1;
      }
      int n = Math.min(Math.min(length, piece), there);
      System.arraycopy(incoming, at, buffer, offset, n);
      at += n;
      reads++;
      return n;
    }

    @Override
    public void write(byte[] buffer, int offset, int length) {
      writes.add(length);
      written.write(buffer, offset, length);
    }

    @Override
    public void closeWrite() {}

    @Override
    public void close() {
      closed = true;
    }
  }
}
