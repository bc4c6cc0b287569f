package dev.warren.protocols.transfer.manifest;

import static dev.warren.protocols.transfer.manifest.Samples.content;
import static dev.warren.protocols.transfer.manifest.Samples.directory;
import static dev.warren.protocols.transfer.manifest.Samples.file;
import static dev.warren.protocols.transfer.manifest.Samples.fresh;
import static dev.warren.protocols.transfer.manifest.Samples.gone;
import static dev.warren.protocols.transfer.manifest.Samples.known;
import static dev.warren.protocols.transfer.manifest.Samples.link;
import static dev.warren.protocols.transfer.manifest.Samples.listing;
import static dev.warren.protocols.transfer.manifest.Samples.part;
import static dev.warren.protocols.transfer.manifest.Samples.whole;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.protobuf.ByteString;
import dev.warren.protocols.transfer.names.HostileNameException;
import dev.warren.protocols.transfer.pb.TransferMessages.ContentPart;
import dev.warren.protocols.transfer.pb.TransferMessages.EntryMessage;
import dev.warren.protocols.transfer.pb.TransferMessages.FileContent;
import dev.warren.protocols.transfer.pb.TransferMessages.ListingPart;
import dev.warren.protocols.transfer.pb.TransferMessages.SegmentBody;
import java.io.IOException;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SegmentCodecTest {

  @Test
  void listingsComeBackAsTheyWere() throws IOException {
    Segment segment =
        listing(
            true,
            file("a/b.txt", 7),
            new Entry.File(Samples.path("run.sh"), 0, -1, true),
            directory("empty"),
            link("a/up", "../run.sh"));

    assertThat(SegmentCodec.decode(SegmentCodec.encode(segment))).isEqualTo(segment);
  }

  @Test
  void contentComesBackAsItWas() throws IOException {
    Segment segment =
        content(
            false,
            part(3, fresh(1, 1 << 20), known(0), fresh(2, 1)),
            whole(3, 1_048_578, known(1)),
            whole(4, 0),
            gone(5));

    assertThat(SegmentCodec.decode(SegmentCodec.encode(segment))).isEqualTo(segment);
  }

  /** The fields and their numbers, for those who write another implementation. */
  @Test
  void aBodyIsTheProtobufOfTheSpecification() throws IOException {
    assertThat(HexFormat.of().formatHex(SegmentCodec.encode(listing(true, file("a", 300)))))
        .isEqualTo("0a140a100a016118ac02" + "20aab4aed8c7bfce972f" + "1001");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/etc/passwd", "a/../../b", "a//b", "C:/x", "nul", "a\u0000b"})
  void hostilePathsAreRefused(String path) {
    assertThatExceptionOfType(HostileNameException.class)
        .isThrownBy(() -> decode(EntryMessage.newBuilder().setPath(path)));
  }

  @Test
  void linksThatLeadOutsideAreRefused() {
    assertThatExceptionOfType(HostileNameException.class)
        .isThrownBy(
            () ->
                decode(
                    EntryMessage.newBuilder()
                        .setPath("a/link")
                        .setKind(EntryMessage.Kind.LINK)
                        .setTarget("../../secret")));
  }

  @Test
  void entriesWithWhatTheirKindHasNotAreRefused() {
    assertRefused(EntryMessage.newBuilder().setPath("a").setTarget("b"), "a file and a link");
    assertRefused(
        EntryMessage.newBuilder().setPath("a").setKind(EntryMessage.Kind.DIRECTORY).setSize(1),
        "is no file");
    assertRefused(
        EntryMessage.newBuilder().setPath("a").setKind(EntryMessage.Kind.LINK).setExecutable(true),
        "is no file");
    assertRefused(
        EntryMessage.newBuilder().setPath("a").setKind(EntryMessage.Kind.DIRECTORY).setTarget("b"),
        "a directory and a link");
    assertRefused(EntryMessage.newBuilder().setPath("a").setKindValue(9), "no known kind");
    assertRefused(EntryMessage.newBuilder().setPath("a").setSize(-1), "beyond all bounds");
  }

  @Test
  void countsThatDoNotFitAreRefused() {
    assertRefused(FileContent.newBuilder().addChunks(0), "more new chunks");
    assertRefused(FileContent.newBuilder().addLengths(5), "0 bytes of hashes for 1 chunks");
    assertRefused(FileContent.newBuilder().addLengths(5).setHashes(hashes(32)), "fewer new chunks");
    assertRefused(
        FileContent.newBuilder().addChunks(0).addLengths(5).setHashes(hashes(33)),
        "33 bytes of hashes");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, (1 << 20) + 1})
  void chunksOfImpossibleLengthAreRefused(int length) {
    assertRefused(
        FileContent.newBuilder().addChunks(0).addLengths(length).setHashes(hashes(32)),
        "a chunk of " + Integer.toUnsignedString(length) + " bytes");
  }

  @Test
  void contradictoryEndsAreRefused() {
    assertRefused(FileContent.newBuilder().setComplete(true).setGone(true), "complete and gone");
    assertRefused(FileContent.newBuilder().setSize(4), "before its end");
    assertRefused(FileContent.newBuilder().setGone(true).setModified(4), "before its end");
  }

  @Test
  void segmentsThatSayNothingAreRefused() {
    assertRefused(new byte[0], "no known kind");
    assertRefused(
        SegmentBody.newBuilder().setListing(ListingPart.getDefaultInstance()).build().toByteArray(),
        "says nothing");
    assertRefused(
        SegmentBody.newBuilder().setContent(ContentPart.getDefaultInstance()).build().toByteArray(),
        "says nothing");
  }

  @Test
  void bodiesThatAreTooLongOrNoProtobufAreRefused() {
    assertRefused(new byte[SignedSegment.MAX_BODY_BYTES + 1], "262145 bytes");
    assertRefused(new byte[] {10, 5, 1}, "cannot be read");
  }

  private static ByteString hashes(int bytes) {
    return ByteString.copyFrom(new byte[bytes]);
  }

  private static Segment decode(EntryMessage.Builder entry) throws IOException {
    return SegmentCodec.decode(
        SegmentBody.newBuilder()
            .setListing(ListingPart.newBuilder().addEntries(entry))
            .build()
            .toByteArray());
  }

  private static void assertRefused(EntryMessage.Builder entry, String message) {
    assertThatExceptionOfType(ManifestException.class)
        .isThrownBy(() -> decode(entry))
        .withMessageContaining(message);
  }

  private static void assertRefused(FileContent.Builder file, String message) {
    assertRefused(
        SegmentBody.newBuilder()
            .setContent(ContentPart.newBuilder().addFiles(file))
            .build()
            .toByteArray(),
        message);
  }

  private static void assertRefused(byte[] body, String message) {
    assertThatExceptionOfType(ManifestException.class)
        .isThrownBy(() -> SegmentCodec.decode(body))
        .withMessageContaining(message);
  }
}
