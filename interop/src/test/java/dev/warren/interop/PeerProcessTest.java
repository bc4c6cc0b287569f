package dev.warren.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class PeerProcessTest {
  private static final Duration LONG = Duration.ofSeconds(30);

  @Test
  void aPeerTellsWhereItIsAndAnswersCommands() throws PeerException {
    try (var peer = PeerProcess.start(Implementation.WARREN)) {
      assertThat(peer.address()).startsWith("/ip4/127.0.0.1/tcp/").endsWith("/p2p/" + peer.id());
      assertThat(peer.earlyMuxer()).isTrue();
      assertThat(ProcessHandle.of(peer.pid())).isPresent();
      assertThat(peer.call("peers").getAsJsonArray("peers")).isEmpty();
    }
  }

  @Test
  void aCommandThatFailsIsToldApartFromAPeerThatFails() throws PeerException {
    try (var peer = PeerProcess.start(Implementation.WARREN)) {
      assertThatThrownBy(() -> peer.call("ping", "peer", peer.id()))
          .isInstanceOf(CommandFailedException.class)
          .hasMessageContaining("not connected");
      assertThatThrownBy(() -> peer.call("dance"))
          .isInstanceOf(CommandFailedException.class)
          .hasMessageContaining("unknown command dance");
    }
  }

  @Test
  void answersFindTheirCommandsInAnyOrder() throws PeerException {
    try (var one = PeerProcess.start(Implementation.WARREN);
        var other = PeerProcess.start(Implementation.WARREN)) {
      one.call("dial", "addr", other.address());
      CompletableFuture<JsonObject> slow =
          one.send("slow", "peer", other.id(), "bytes", 1, "pauseMillis", 60_000);
      CompletableFuture<JsonObject> quick = one.send("peers");

      assertThat(one.await(quick, LONG, "peers").getAsJsonArray("peers")).hasSize(1);
      assertThat(slow).isNotDone();
    }
  }

  @Test
  void aPeerThatDoesNotStartIsReportedWithItsLastWords() {
    assertThatThrownBy(() -> PeerProcess.start(Implementation.WARREN, "--early-muxer", "maybe"))
        .isInstanceOf(PeerException.class)
        .hasMessageContaining("ended with 1")
        .hasMessageContaining("--early-muxer must be on or off");
  }

  @Test
  void anAnswerThatDoesNotComeInTimeIsAnError() throws PeerException {
    try (var one = PeerProcess.start(Implementation.WARREN);
        var other = PeerProcess.start(Implementation.WARREN)) {
      one.call("dial", "addr", other.address());

      assertThatThrownBy(
              () ->
                  one.call(
                      Duration.ofMillis(50),
                      "slow",
                      "peer",
                      other.id(),
                      "bytes",
                      1,
                      "pauseMillis",
                      60_000))
          .isInstanceOf(PeerException.class)
          .hasMessageContaining("did not answer slow");
    }
  }

  @Test
  void commandsThatWaitFailWhenThePeerEnds() throws PeerException {
    PeerProcess one = PeerProcess.start(Implementation.WARREN);
    CompletableFuture<JsonObject> waiting;
    try (var other = PeerProcess.start(Implementation.WARREN);
        one) {
      one.call("dial", "addr", other.address());
      waiting = one.send("slow", "peer", other.id(), "bytes", 1, "pauseMillis", 60_000);
    }

    assertThatThrownBy(() -> one.await(waiting, LONG, "slow"))
        .isInstanceOf(PeerException.class)
        .hasMessageContaining("warren-peer ended");
  }
}
