package dev.warren.libp2p.negotiate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.libp2p.negotiate.NegotiationException.Reason;
import dev.warren.libp2p.transport.Duplex;
import dev.warren.libp2p.transport.memory.MemoryPipe;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
class MultistreamSelectTest {
  private final MemoryPipe pipe = new MemoryPipe();
  private final Duplex dialer = pipe.left();
  private final Duplex listener = pipe.right();

  @Test
  void theFirstProtocolThatTheListenerSpeaksIsTaken() throws IOException {
    var answer = async(() -> MultistreamSelect.answer(listener, Set.of("/b", "/c")::contains));
    assertThat(MultistreamSelect.select(dialer, List.of("/a", "/b", "/c"))).isEqualTo("/b");
    assertThat(answer.join()).isEqualTo("/b");
  }

  @Test
  void noCommonProtocolIsAnErrorThatNamesWhatWasOffered() {
    var answer = async(() -> MultistreamSelect.answer(listener, _ -> false));
    assertThatThrownBy(() -> MultistreamSelect.select(dialer, List.of("/a", "/b")))
        .isInstanceOfSatisfying(
            NegotiationException.class, e -> assertThat(e.reason()).isEqualTo(Reason.NOT_SUPPORTED))
        .hasMessageContaining("/a, /b");
    dialer.close();
    assertThatThrownBy(answer::join).hasCauseInstanceOf(EOFException.class);
  }

  @Test
  void bytesOfTheProtocolThatFollowAtOnceAreNotSwallowed() throws IOException {
    dialer.write(Messages.encode(Messages.HEADER, "/echo"));
    dialer.write(new byte[] {7});
    assertThat(MultistreamSelect.answer(listener, "/echo"::equals)).isEqualTo("/echo");
    byte[] next = new byte[1];
    listener.readFully(next, 0, 1);
    assertThat(next).containsExactly(7);
  }

  @Test
  void aDialerThatWaitsForOurHeaderIsAnswered() throws IOException {
    dialer.write(Messages.encode(Messages.HEADER));
    var answer = async(() -> MultistreamSelect.answer(listener, "/x"::equals));
    var reader = new MessageReader(dialer);
    assertThat(reader.next()).isEqualTo(Messages.HEADER);
    dialer.write(Messages.encode("/x"));
    assertThat(reader.next()).isEqualTo("/x");
    assertThat(answer.join()).isEqualTo("/x");
  }

  @Test
  void headerAndAnswerLeaveTogetherWhenTheOfferIsThereAlready() throws IOException {
    dialer.write(Messages.encode(Messages.HEADER, "/x"));
    MultistreamSelect.answer(listener, "/x"::equals);
    assertThat(dialer.available()).isEqualTo(Messages.encode(Messages.HEADER, "/x").length);
  }

  @Test
  void aLazyOfferRidesWithTheFirstBytesAndIsCheckedAtTheFirstRead() throws IOException {
    Duplex lazy = MultistreamSelect.lazy(dialer, "/echo");
    lazy.write("hello".getBytes(StandardCharsets.UTF_8));
    assertThat(listener.available())
        .isEqualTo(Messages.encode(Messages.HEADER, "/echo").length + "hello".length());
    MultistreamSelect.answer(listener, "/echo"::equals);
    byte[] got = new byte[5];
    listener.readFully(got, 0, 5);
    listener.write(got);
    lazy.readFully(got, 0, 5);
    assertThat(new String(got, StandardCharsets.UTF_8)).isEqualTo("hello");
  }

  @Test
  void aLazyOfferIsSentByAReadThatComesBeforeAnyWrite() throws IOException {
    Duplex lazy = MultistreamSelect.lazy(dialer, "/time");
    var read = async(() -> lazy.input().readNBytes(1));
    MultistreamSelect.answer(listener, "/time"::equals);
    listener.write(new byte[] {42});
    assertThat(read.join()).containsExactly(42);
  }

  @Test
  void aLazyOfferThatIsRefusedFailsTheFirstRead() throws IOException {
    Duplex lazy = MultistreamSelect.lazy(dialer, "/echo");
    lazy.write(new byte[] {1});
    listener.write(Messages.encode(Messages.HEADER, Messages.NOT_AVAILABLE));
    assertThatThrownBy(() -> lazy.read(new byte[1], 0, 1))
        .isInstanceOf(NegotiationException.class)
        .hasMessageContaining("/echo");
  }

  @Test
  void halfClosingALazyStreamStillMakesTheOffer() throws IOException {
    Duplex lazy = MultistreamSelect.lazy(dialer, "/id");
    lazy.closeWrite();
    assertThat(MultistreamSelect.answer(listener, "/id"::equals)).isEqualTo("/id");
    assertThat(listener.read(new byte[1], 0, 1)).isEqualTo(-1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\u0013/multistream/2.0.0\n", // another version
        "\u0014/multistream/1.0.0\n", // length one too long
        "\u0001x", // no newline
        "\u0000", // empty
        "GET / HTTP/1.1\r\n",
        "\u00ff\u00ff\u00ff\u00ff", // an endless length
        "\u0081\u0008" // 1025 bytes
      })
  void whatIsNotMultistreamSelectIsRefused(String bytes) throws IOException {
    dialer.write(bytes.getBytes(StandardCharsets.ISO_8859_1));
    dialer.write(Messages.encode("/x"));
    dialer.closeWrite();
    assertThatThrownBy(() -> MultistreamSelect.answer(listener, "/x"::equals))
        .isInstanceOfAny(NegotiationException.class, EOFException.class);
  }

  @Test
  void aPeerThatOffersForeverIsGivenUp() throws IOException {
    for (int i = 0; i < 200; i++) {
      dialer.write(i == 0 ? Messages.encode(Messages.HEADER) : Messages.encode("/p" + i));
    }
    assertThatThrownBy(() -> MultistreamSelect.answer(listener, _ -> false))
        .isInstanceOf(NegotiationException.class)
        .hasMessageContaining("100 protocols");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\u001b", // escape
        "\u009b", // the same with the bracket, in one character of C1
        "\u202e", // what follows is shown from right to left
        "\u200b", // no width
        "\u2028" // ends the line
      })
  void anAnswerToSomethingElseIsRefusedAndShownWithoutControlCharacters(String control)
      throws IOException {
    listener.write(Messages.encode(Messages.HEADER, "/evil" + control + "[2J"));
    assertThatThrownBy(() -> MultistreamSelect.select(dialer, List.of("/x")))
        .isInstanceOfSatisfying(
            NegotiationException.class, e -> assertThat(e.reason()).isEqualTo(Reason.MALFORMED))
        .hasMessageContaining("/evil?[2J");
  }

  private static <T> CompletableFuture<T> async(Callable<T> work) {
    return CompletableFuture.supplyAsync(
            () -> {
              try {
                return work.call();
              } catch (Exception e) {
                throw new CompletionException(e);
              }
            },
            task -> Thread.ofVirtual().start(task))
        .orTimeout(30, TimeUnit.SECONDS);
  }
}
