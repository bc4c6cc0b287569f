package dev.warren.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.libp2p.identity.PeerId;
import dev.warren.protocols.transfer.fetch.TargetException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How receiving ends when it ends badly. */
@Execution(ExecutionMode.CONCURRENT)
@Timeout(60)
class SwarmReceivingTest {
  @TempDir private Path directory;
  private MemoryNodes nodes;

  @BeforeEach
  void open() throws IOException {
    nodes = new MemoryNodes(directory);
    Files.writeString(directory.resolve("readme.txt"), "read me");
  }

  @AfterEach
  void close() {
    nodes.close();
  }

  @Test
  void aConsentThatMeetsAnErrorEndsIt() throws Exception {
    ReceiveOptions options =
        options(nodes.start("a"))
            .consent(
                _ -> {
                  throw new StackOverflowError("as of a plan too large");
                });
    assertThatThrownBy(nodes.start("b").receive(options)::await)
        .hasMessageContaining("the consent met a fault");
  }

  @Test
  void anErrorOfWhoIsToldEndsItAndIsHeardOf() throws Exception {
    ReceiveOptions options =
        options(nodes.start("a"))
            .listener(
                new ReceivingListener() {
                  @Override
                  public void found(PeerId sharer, String path) {
                    throw new StackOverflowError("as of a listener too deep");
                  }
                });
    assertThatThrownBy(nodes.start("b").receive(options)::await)
        .hasMessageContaining("receiving met a fault");
  }

  @Test
  void fromWhomOneHasBlockedNothingIsReceived() throws Exception {
    Node a = nodes.start("a");
    Node b = nodes.start("b");
    b.records().block(a.peerId());
    assertThatThrownBy(b.receive(options(a))::await)
        .isInstanceOfSatisfying(
            NotAllowedException.class,
            e -> assertThat(e.reason()).isEqualTo(NotAllowedException.Reason.BLOCKED_HERE))
        .hasMessageContaining(a.peerId().toString());
    b.records().unblock(a.peerId());
    b.receive(options(a)).await();
  }

  @Test
  void whatCouldNotBeHandedOverIsNotReportedToTheSharerAsReceived() throws Exception {
    var left = new CompletableFuture<Receiver>();
    Sharing sharing =
        nodes
            .start("a")
            .share(
                ShareOptions.of(directory.resolve("readme.txt"))
                    .listener(
                        new SharingListener() {
                          @Override
                          public void left(Receiver receiver) {
                            left.complete(receiver);
                          }
                        }));
    var closedPipe =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("the pipe is closed");
          }
        };
    ReceiveOptions options = ReceiveOptions.of(sharing.codes().shortest()).into(closedPipe);
    assertThatThrownBy(nodes.start("b").receive(options)::await).hasMessage("the pipe is closed");
    assertThat(left.get().finished()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "No space left on device",
        "[SQLITE_FULL]  Insertion failed because database is full (database or disk is full)",
        "There is not enough space on the disk"
      })
  void aFullDiskIsRecognisedWhereverItIsMet(String message) {
    var full = new FileSystemException("/disk/file", null, message);
    assertThat(SwarmReceiving.explain(full)).isInstanceOf(NoRoomException.class).hasCause(full);
    assertThat(SwarmReceiving.explain(new TargetException(full)))
        .isInstanceOf(NoRoomException.class);
    assertThat(SwarmReceiving.explain(new IOException("it failed", full)))
        .isInstanceOf(NoRoomException.class);
  }

  @Test
  void whatFailsAtTheDiskOtherwiseIsSaidAsItIs() {
    var cause = new FileSystemException("/disk/file", null, "it is read-only");
    assertThat(SwarmReceiving.explain(new TargetException(cause))).isSameAs(cause);
    assertThat(SwarmReceiving.explain(cause)).isSameAs(cause);
  }

  private ReceiveOptions options(Node sharer) throws Exception {
    Sharing sharing = sharer.share(ShareOptions.of(directory.resolve("readme.txt")));
    return ReceiveOptions.of(sharing.codes().shortest()).into(directory.resolve("got"));
  }
}
