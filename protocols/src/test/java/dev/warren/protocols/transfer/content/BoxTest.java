package dev.warren.protocols.transfer.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Cipher;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BoxTest {
  private static final byte[] KEY = ChunkerTest.random(1, 32);

  /** Computed with another implementation of AES-GCM, by hand: key 00 01 … 1f. */
  @Test
  void aBoxIsSealedAsSpecified() throws BoxException {
    byte[] key =
        HexFormat.of().parseHex("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
    BoxSealer sealer = sealer(new BoxSealer(key));
    byte[] first = seal(sealer, "a");
    byte[] second = seal(sealer, "warren", 2);
    assertThat(first)
        .asHexString()
        .isEqualToIgnoringCase("000000150ebcb5dfd4d1fc2a569aabbcb6be6597e04d8593f3");
    assertThat(second)
        .asHexString()
        .isEqualToIgnoringCase(
            "0000001e15d6bffa3395426c6b40d139eca4223bc083b13da12cfb9d73905dd0c36e");

    BoxOpener opener = new BoxOpener(key);
    assertThat(open(opener, first)).containsExactly("a");
    assertThat(open(opener, second)).containsExactly("warren", "missing for reason 2");
  }

  @Property(tries = 50)
  void whatIsSealedIsOpened(
      @ForAll @Size(max = 60) List<@IntRange(min = -3, max = Chunk.MAX_BYTES) Integer> lengths)
      throws BoxException {
    BoxSealer sealer = sealer(new BoxSealer(KEY));
    BoxOpener opener = new BoxOpener(KEY);
    List<String> opened = new ArrayList<>();
    List<String> expected = new ArrayList<>();
    for (int length : lengths) {
      if (!sealer.hasRoomFor(Math.max(length, 0))) {
        opened.addAll(open(opener, box(sealer)));
      }
      if (length == 0) {
        continue;
      }
      if (length < 0) {
        sealer.addUnavailable(-length);
        expected.add("missing for reason " + -length);
      } else {
        Arrays.fill(sealer.array(), sealer.offset(), sealer.offset() + length, (byte) 'x');
        sealer.add(length);
        expected.add("x".repeat(length));
      }
    }
    if (!sealer.isEmpty()) {
      opened.addAll(open(opener, box(sealer)));
    }
    assertThat(opened.equals(expected)).isTrue();
  }

  @Test
  void aBoxTakesAMebibyteAndSixtyFourKibibytes() throws BoxException {
    BoxSealer sealer = sealer(new BoxSealer(KEY));
    assertThat(sealer.hasRoomFor(Chunk.MAX_BYTES)).isTrue();
    assertThat(sealer.hasRoomFor(Chunk.MAX_BYTES + 1)).isFalse();
    assertThatIllegalStateException().isThrownBy(() -> sealer.add(Chunk.MAX_BYTES + 1));
    assertThatIllegalStateException().isThrownBy(() -> sealer.add(0));
    sealer.add(Chunk.MAX_BYTES);
    assertThat(sealer.hasRoomFor((64 << 10) - 8)).isTrue();
    assertThat(sealer.hasRoomFor((64 << 10) - 7)).isFalse();
    assertThatIllegalStateException().isThrownBy(() -> sealer.add((64 << 10) - 7));
    sealer.add((64 << 10) - 8);
    assertThat(sealer.hasRoomFor(0)).isFalse();
    assertThatIllegalStateException().isThrownBy(() -> sealer.addUnavailable(1));
    byte[] box = box(sealer);
    assertThat(box).hasSize(4 + (1 << 20) + (64 << 10) + 16);
    assertThat(open(new BoxOpener(KEY), box)).hasSize(2);
  }

  @Test
  void anEmptyBoxIsNotSealedAndNoReasonInvented() {
    BoxSealer sealer = sealer(new BoxSealer(KEY));
    assertThatIllegalStateException().isThrownBy(sealer::seal);
    assertThatIllegalStateException().isThrownBy(() -> sealer.addUnavailable(0));
    assertThatIllegalStateException().isThrownBy(() -> sealer.addUnavailable(4));
    assertThatIllegalArgumentException().isThrownBy(() -> new BoxSealer(new byte[16]));
  }

  @Test
  void noBitOfABoxCanBeChanged() {
    byte[] box = seal(sealer(new BoxSealer(KEY)), "content");
    for (int bit = 0; bit < box.length * 8; bit++) {
      byte[] changed = box.clone();
      changed[bit / 8] ^= (byte) (1 << bit % 8);
      refused(new BoxOpener(KEY), changed);
    }
  }

  @Test
  void boxesCannotBeRepeatedLeftOutOrSwapped() throws BoxException {
    BoxSealer sealer = sealer(new BoxSealer(KEY));
    byte[] first = seal(sealer, "first");
    byte[] second = seal(sealer, "second");
    refused(new BoxOpener(KEY), second);
    BoxOpener opener = new BoxOpener(KEY);
    open(opener, first);
    refused(opener, first);
    refused(new BoxOpener(ChunkerTest.random(2, 32)), first);
  }

  @Test
  void boxesCannotBeCut() {
    byte[] box = seal(sealer(new BoxSealer(KEY)), "content");
    for (int length = 0; length < box.length - 4; length++) {
      byte[] cut = Arrays.copyOf(box, 4 + length);
      ByteBuffer.wrap(cut).putInt(0, length);
      refused(new BoxOpener(KEY), cut);
    }
  }

  @ParameterizedTest
  @ValueSource(
      ints = {0, 16, 19, (1 << 20) + (64 << 10) + 17, Integer.MAX_VALUE, -1, Integer.MIN_VALUE})
  void lengthsAreBounded(int length) {
    assertThatExceptionOfType(BoxException.class).isThrownBy(() -> BoxOpener.checkLength(length));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "00000000",
        "00000002ff",
        "00000001ff00",
        "00000001ff000000",
        "00100001",
        "7fffffff",
        "80000000",
        "80000004",
        "ffffffff"
      })
  void contentsThatASourceMadeUpAreRefused(String plain) throws Exception {
    byte[] made = HexFormat.of().parseHex(plain);
    byte[] box = new byte[4 + made.length + 16];
    new BoxCipher(Cipher.ENCRYPT_MODE, KEY, 0).apply(made, 0, made.length, box, 4);
    ByteBuffer.wrap(box).putInt(0, made.length + 16);
    refused(new BoxOpener(KEY), box);
  }

  @Test
  void afterTheLastNumberNoBoxIsSealed() {
    BoxSealer sealer = sealer(new BoxSealer(KEY, Long.MAX_VALUE));
    seal(sealer, "last");
    assertThatIllegalStateException().isThrownBy(() -> seal(sealer, "one more"));
  }

  /** Texts are chunks, numbers are reasons. */
  static byte[] seal(BoxSealer sealer, Object... pieces) {
    for (Object piece : pieces) {
      if (piece instanceof Integer reason) {
        sealer.addUnavailable(reason);
      } else {
        byte[] chunk = piece.toString().getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(chunk, 0, sealer.array(), sealer.offset(), chunk.length);
        sealer.add(chunk.length);
      }
    }
    return box(sealer);
  }

  private static byte[] box(BoxSealer sealer) {
    return Arrays.copyOf(sealer.array(), sealer.seal());
  }

  /** Opens as a receiver does, and returns what is in the box. */
  static List<String> open(BoxOpener opener, byte[] box) throws BoxException {
    int length = BoxOpener.checkLength(ByteBuffer.wrap(box).getInt());
    System.arraycopy(box, 4, opener.sealed(), 0, Math.min(length, box.length - 4));
    opener.open(length);
    List<String> pieces = new ArrayList<>();
    while (opener.next()) {
      pieces.add(
          opener.reason() > 0
              ? "missing for reason " + opener.reason()
              : new String(
                  opener.array(), opener.offset(), opener.length(), StandardCharsets.US_ASCII));
    }
    return pieces;
  }

  private static void refused(BoxOpener opener, byte[] box) {
    assertThatExceptionOfType(BoxException.class).isThrownBy(() -> open(opener, box));
  }

  private static BoxSealer sealer(BoxSealer sealer) {
    sealer.use(new byte[BoxSealer.BYTES]);
    return sealer;
  }
}
