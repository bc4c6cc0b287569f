package dev.warren.libp2p.security.noise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.warren.libp2p.identity.KeyType;
import dev.warren.libp2p.identity.PrivateKey;
import dev.warren.libp2p.identity.PublicKey;
import dev.warren.libp2p.transport.ConnectionClosedException;
import dev.warren.libp2p.transport.Duplex;
import dev.warren.libp2p.transport.memory.MemoryPipe;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class NoiseChannelTest {
  private static final PublicKey SOMEONE = PrivateKey.generate(KeyType.ED25519).publicKey();
  private static final byte[] KEY_ONE = new byte[32];
  private static final byte[] KEY_TWO = {
    1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26,
    27, 28, 29, 30, 31, 32
  };

  private record Channels(NoiseChannel left, NoiseChannel right) {}

  @Property(tries = 25)
  void whatIsWrittenInAnyPiecesIsReadInAnyPieces(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 150_000) int largestWrite,
      @ForAll @IntRange(min = 1, max = 150_000) int largestRead)
      throws Exception {
    Random random = new Random(seed);
    byte[] data = bytes(random, 150_000);
    Channels channels = open();
    FutureTask<Void> writer =
        start(
            () -> {
              int at = 0;
              while (at < data.length) {
                int n = Math.min(1 + random.nextInt(largestWrite), data.length - at);
                int header = Math.min(random.nextInt(20), n);
                channels.left.write(
                    Arrays.copyOfRange(data, at, at + 20), header, data, at + header, n - header);
                at += n;
              }
              channels.left.closeWrite();
              return null;
            });
    Random reading = new Random(~seed);
    ByteArrayOutputStream got = new ByteArrayOutputStream();
    byte[] buffer = new byte[largestRead + 7];
    int n;
    while ((n = channels.right.read(buffer, 7, 1 + reading.nextInt(largestRead))) > 0) {
      got.write(buffer, 7, n);
    }
    writer.get();
    assertThat(n).as("a read of something never gives nothing").isEqualTo(-1);
    assertThat(got.toByteArray()).isEqualTo(data);
  }

  @Test
  void byteByByteReadsGiveWhatBigWritesSent() throws Exception {
    byte[] data = bytes(new Random(1), 200_000);
    Channels channels = open();
    FutureTask<Void> writer = start(() -> writeAndEnd(channels.left, data));
    ByteArrayOutputStream got = new ByteArrayOutputStream();
    byte[] one = new byte[1];
    while (channels.right.read(one, 0, 1) == 1) {
      got.write(one, 0, 1);
    }
    writer.get();
    assertThat(got.toByteArray()).isEqualTo(data);
  }

  @Test
  void bothDirectionsRunAtTheSameTime() throws Exception {
    byte[] there = bytes(new Random(2), 3_000_000);
    byte[] back = bytes(new Random(3), 3_000_000);
    Channels channels = open();
    FutureTask<Void> left = start(() -> writeAndEnd(channels.left, there));
    FutureTask<Void> right = start(() -> writeAndEnd(channels.right, back));
    FutureTask<byte[]> leftGot = start(() -> channels.left.input().readAllBytes());
    assertThat(channels.right.input().readAllBytes()).isEqualTo(there);
    assertThat(leftGot.get()).isEqualTo(back);
    left.get();
    right.get();
  }

  @Test
  void trimmingWhileDataFlowsChangesNothing() throws Exception {
    byte[] data = bytes(new Random(4), 3_000_000);
    Channels channels = open();
    FutureTask<Void> writer = start(() -> writeAndEnd(channels.left, data));
    FutureTask<Void> trimmer =
        start(
            () -> {
              while (!writer.isDone()) {
                channels.left.trim();
                channels.right.trim();
              }
              return null;
            });
    assertThat(channels.right.input().readAllBytes()).isEqualTo(data);
    writer.get();
    trimmer.get();
  }

  @Test
  void readingNothingGivesNothingAtOnce() throws Exception {
    assertThat(open().left.read(new byte[4], 2, 0)).isZero();
  }

  @Test
  void writingNothingSendsNothing() throws Exception {
    Channels channels = open();
    channels.left.write(new byte[4], 2, 0);
    channels.left.closeWrite();
    assertThat(channels.right.read(new byte[1], 0, 1)).isEqualTo(-1);
  }

  @Test
  void rangesOutsideTheArrayAreRefused() {
    Channels channels = open();
    assertThatExceptionOfType(IndexOutOfBoundsException.class)
        .isThrownBy(() -> channels.left.read(new byte[4], 2, 3));
    assertThatExceptionOfType(IndexOutOfBoundsException.class)
        .isThrownBy(() -> channels.left.write(new byte[4], 2, 3));
    assertThatExceptionOfType(IndexOutOfBoundsException.class)
        .isThrownBy(() -> channels.left.write(new byte[4], 5, new byte[4], 0, 4));
  }

  @Test
  void halfClosingEndsOneDirectionOnly() throws Exception {
    Channels channels = open();
    channels.left.write(new byte[] {1});
    channels.left.closeWrite();
    byte[] one = new byte[1];
    assertThat(channels.right.read(one, 0, 1)).isEqualTo(1);
    assertThat(channels.right.read(one, 0, 1)).isEqualTo(-1);
    assertThat(channels.right.read(one, 0, 1)).isEqualTo(-1);
    channels.right.write(new byte[] {2});
    assertThat(channels.left.read(one, 0, 1)).isEqualTo(1);
    assertThat(one).containsExactly(2);
  }

  @Test
  void closingEndsABlockedRead() throws Exception {
    Channels channels = open();
    FutureTask<Integer> reader = start(() -> channels.left.read(new byte[1], 0, 1));
    channels.left.close();
    assertThatExceptionOfType(ExecutionException.class)
        .isThrownBy(reader::get)
        .withCauseInstanceOf(ConnectionClosedException.class);
  }

  @Test
  void aFailingConnectionIsReportedAsItIs() {
    Channels channels = open();
    channels.right.close();
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> channels.left.write(new byte[200_000]));
  }

  private static Channels open() {
    MemoryPipe pipe = new MemoryPipe();
    return new Channels(
        channel(pipe.left(), KEY_ONE, KEY_TWO), channel(pipe.right(), KEY_TWO, KEY_ONE));
  }

  private static NoiseChannel channel(Duplex raw, byte[] sending, byte[] receiving) {
    return new NoiseChannel(
        raw,
        new HandshakeState.Ciphers(new CipherState(sending), new CipherState(receiving)),
        SOMEONE,
        Optional.empty());
  }

  private static Void writeAndEnd(Duplex channel, byte[] data) throws IOException {
    channel.write(data);
    channel.closeWrite();
    return null;
  }

  private static byte[] bytes(Random random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  private static <T> FutureTask<T> start(Callable<T> work) {
    FutureTask<T> task = new FutureTask<>(work);
    Thread.ofVirtual().start(task);
    return task;
  }
}
