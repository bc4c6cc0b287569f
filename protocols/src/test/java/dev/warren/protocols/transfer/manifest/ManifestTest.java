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
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.warren.protocols.transfer.manifest.FilePart.Piece;
import dev.warren.protocols.transfer.names.HostileNameException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** What a builder makes and a reader takes. */
class ManifestTest {
  private static final int MIB = 1 << 20;

  private final SegmentList log = new SegmentList();
  private final ManifestBuilder builder = new ManifestBuilder(Samples.SIGNER, log);
  private final ManifestReader reader = new ManifestReader();

  @Test
  void aShareIsReadAsItWasBuilt() throws IOException {
    builder.add(directory("empty"));
    builder.add(file("big", 2 * MIB + 5));
    builder.add(link("latest", "big"));
    builder.add(file("nothing", 0));
    builder.add(file("vanished", 9));
    builder.endListing();
    builder.add(part(1, fresh(1, MIB), fresh(2, MIB)));
    builder.add(whole(1, 2 * MIB + 5, fresh(3, 5)));
    builder.add(whole(3, 0));
    builder.add(gone(4));
    builder.end();

    ManifestReader read = ManifestReader.of(log);

    assertThat(log.size()).isEqualTo(2);
    assertThat(read.complete()).isTrue();
    assertThat(read.entries()).isEqualTo(5);
    assertThat(read.files()).isEqualTo(3);
    assertThat(read.bytes()).isEqualTo(2 * MIB + 14);
    assertThat(read.chunks()).isEqualTo(3);
    assertThat(read.chunkLength(2)).isEqualTo(5);
  }

  @Test
  void anEmptyShareIsAManifestToo() throws IOException {
    builder.endListing();
    builder.end();

    assertThat(ManifestReader.of(log).complete()).isTrue();
  }

  @Test
  void everySegmentBearsTheSharersSignature() throws IOException {
    builder.add(file("a", 1));
    builder.endListing();

    Samples.VERIFIER.verify(log.read(0));
  }

  @Test
  void nothingGoesOutBeforeItIsFullOrFlushed() throws IOException {
    builder.add(file("a", 1));
    assertThat(log.size()).isZero();

    builder.flush();
    assertThat(log.size()).isEqualTo(1);
    builder.flush();
    assertThat(log.size()).isEqualTo(1);

    builder.endListing();
    builder.add(part(0, fresh(1, MIB)));
    builder.flush();
    assertThat(log.size()).isEqualTo(3);
    assertThat(SegmentCodec.decode(log.read(2).body()))
        .isEqualTo(content(false, part(0, fresh(1, MIB))));
  }

  @Test
  void longListingsAndFilesAreSpreadOverFullSegments() throws IOException {
    for (int i = 0; i < 10_000; i++) {
      builder.add(file("directory/with a longer name than most/file-%05d".formatted(i), 3 * MIB));
    }
    builder.endListing();
    long listingSegments = log.size();
    builder.add(whole(0, 20_000L * MIB, Collections.nCopies(20_000, fresh(1, MIB))));
    for (int i = 1; i < 10_000; i++) {
      builder.add(whole(i, MIB, known(i)));
    }
    builder.end();

    assertThat(listingSegments).isBetween(3L, 5L);
    assertThat(log.size() - listingSegments).isBetween(3L, 6L);
    assertThat(log.read(0).body().length)
        .isBetween(SignedSegment.MAX_BODY_BYTES - 256, SignedSegment.MAX_BODY_BYTES);
    assertThat(log.read(listingSegments).body().length)
        .isBetween(SignedSegment.MAX_BODY_BYTES - 256, SignedSegment.MAX_BODY_BYTES);
    assertThat(ManifestReader.of(log).chunks()).isEqualTo(20_000);
  }

  @Property(tries = 200)
  void bodiesAreNeverTooLong(
      @ForAll @Size(max = 40) List<@IntRange(min = 0, max = 4_000) Integer> runs)
      throws IOException {
    SegmentList segments = new SegmentList();
    ManifestBuilder made = new ManifestBuilder(Samples.SIGNER, segments);
    for (int i = 0; i < runs.size(); i++) {
      made.add(file("f" + i, 6_000L * MIB));
    }
    made.endListing();
    for (int i = 0; i < runs.size(); i++) {
      int run = runs.get(i);
      List<Piece> pieces = new ArrayList<>(Collections.nCopies(run, fresh(i, MIB)));
      pieces.addAll(Collections.nCopies(run / 2, known(0)));
      made.add(whole(i, (long) pieces.size() * MIB, pieces));
    }
    made.end();

    assertThat(ManifestReader.of(segments).complete()).isTrue();
  }

  @Test
  void aBuilderGoesOnWhereAnotherWasStopped() throws IOException {
    builder.add(file("a", 3 * MIB));
    builder.add(file("b", MIB));
    builder.endListing();
    builder.add(part(0, fresh(1, MIB), fresh(2, MIB)));
    builder.flush();

    var second = new ManifestBuilder(Samples.SIGNER, log, ManifestReader.of(log));
    assertThat(second.chunks()).isEqualTo(2);
    second.add(whole(0, 3L * MIB, fresh(3, MIB)));
    second.add(whole(1, MIB, known(2)));
    second.end();

    assertThat(ManifestReader.of(log).complete()).isTrue();
  }

  @Test
  void aBuilderRefusesWhatAReaderWould() throws IOException {
    builder.add(file("Readme", 1));

    assertThatExceptionOfType(HostileNameException.class)
        .isThrownBy(() -> builder.add(file("README", 1)));
  }

  @Test
  void collisionsAcrossSegmentsAreRefused() throws IOException {
    read(listing(false, file("a", 1)));

    assertThatExceptionOfType(HostileNameException.class)
        .isThrownBy(() -> read(listing(true, file("a/b", 1))));
  }

  @Test
  void contentBeforeTheListingEndsIsRefused() throws IOException {
    read(listing(false, file("a", 1)));

    assertRefused(content(false, whole(0, 1, fresh(1, 1))), "before its listing ends");
  }

  @Test
  void entriesBehindTheListingAreRefused() throws IOException {
    read(listing(true, file("a", 1)));

    assertRefused(listing(false, file("b", 1)), "behind the end of its listing");
  }

  @Test
  void aListingThatEndsTwiceIsRefused() throws IOException {
    read(listing(true, file("a", 1)));

    assertRefused(listing(true), "ends its listing twice");
  }

  @Test
  void chunksThatAreNotKnownYetAreRefused() throws IOException {
    read(listing(true, file("a", 1)));

    assertRefused(content(false, part(0, fresh(1, MIB), known(1))), "chunk 1 where it has had 1");
  }

  @Test
  void aChunkMayBeKnownFromTheSamePart() throws IOException {
    read(listing(true, file("a", 1)));
    read(content(true, whole(0, 2 * MIB, fresh(1, MIB), known(0))));

    assertThat(reader.complete()).isTrue();
  }

  @Test
  void ordinalsBeyondAllBoundsAreRefused() throws IOException {
    read(listing(true, file("a", 1)));

    assertRefused(content(false, part(0, known(Long.MAX_VALUE - 1))), "where it has had 0");
  }

  @Test
  void contentOutOfOrderIsRefused() throws IOException {
    read(listing(true, file("a", 1), directory("d"), file("b", 1)));
    read(content(false, whole(0, 1, fresh(1, 1))));

    assertRefused(content(false, whole(1, 1, known(0))), "entry 1 where that of 2 is due");
  }

  @Test
  void aFileThatIsLeftOpenIsRefused() throws IOException {
    read(listing(true, file("a", 1), file("b", 1)));
    read(content(false, part(0, fresh(1, MIB))));

    assertRefused(content(false, whole(1, MIB, known(0))), "entry 1 where that of 0 is due");
  }

  @Test
  void contentBehindTheLastFileIsRefused() throws IOException {
    read(listing(true, file("a", 1)));

    assertRefused(
        content(false, whole(0, 1, fresh(1, 1)), whole(0, 1, known(0))),
        "entry 0 where that of none is due");
  }

  @Test
  void sizesThatTheChunksDoNotMakeAreRefused() throws IOException {
    read(listing(true, file("a", 1)));

    assertRefused(content(true, whole(0, 2, fresh(1, 1))), "1 bytes in its chunks and 2");
  }

  @Test
  void filesCutIntoCrumbsAreRefused() throws IOException {
    read(listing(true, file("a", 1)));
    read(content(false, part(0, fresh(1, Manifest.MIN_INNER_CHUNK_BYTES - 1))));

    assertRefused(content(false, part(0, known(0))), "before its last");
  }

  @Test
  void partsThatSayNothingAreRefused() throws IOException {
    read(listing(true, file("a", 1)));

    assertRefused(content(false, part(0)), "says nothing of file 0");
  }

  @Test
  void whatWasSaidOfAFileThatVanishesIsVoid() throws IOException {
    read(listing(true, file("a", 1), file("b", 1)));
    read(content(false, part(0, fresh(1, MIB))));
    read(content(true, gone(0), whole(1, MIB, known(0))));

    assertThat(reader.complete()).isTrue();
    assertThat(reader.chunks()).isEqualTo(1);
  }

  @Test
  void filesThatAreGoneAndHaveContentAreRefused() throws IOException {
    read(listing(true, file("a", 1)));

    assertRefused(content(false, gone(0, fresh(1, 1))), "gone and has content");
  }

  @Test
  void aManifestThatEndsTooEarlyIsRefused() throws IOException {
    read(listing(true, file("a", 1), file("b", 0)));

    assertRefused(content(true, whole(0, 1, fresh(1, 1))), "before all that it lists");
  }

  @Test
  void aManifestThatGoesOnBehindItsEndIsRefused() throws IOException {
    read(listing(true));
    read(content(true));

    assertRefused(content(true), "goes on behind its end");
  }

  @Test
  void totalsBeyondAllBoundsAreRefused() throws IOException {
    read(listing(false, file("a", Manifest.MAX_BYTES)));

    assertRefused(listing(false, file("b", 1)), "more than");
  }

  @Test
  void namesThatFillADiskBeforeAnybodyAgreesAreRefused() throws IOException {
    var rules = new ManifestRules(12);
    rules.entry(file("€€", 0));
    rules.entry(link("abc", "xyz"));

    assertThatExceptionOfType(ManifestException.class)
        .isThrownBy(() -> rules.entry(directory("d")))
        .withMessageContaining("more than 12 bytes of names");
  }

  @Test
  void filesMayGrowAfterTheyWereListed() throws IOException {
    read(listing(true, file("a", 1)));

    read(content(true, whole(0, 3 * MIB, fresh(1, MIB), fresh(2, MIB), known(0))));
  }

  @Test
  void moreContentThanWasListedIsRefusedAlsoWhenItIsOneChunkAgainAndAgain() throws IOException {
    read(listing(true, file("a", 5), file("b", MIB - 5)));
    List<Piece> most = Collections.nCopies((int) (Manifest.MAX_GROWTH_BYTES / MIB), known(0));
    read(content(false, whole(0, MIB, fresh(1, MIB))));
    read(content(false, new FilePart(1, most, Optional.empty())));

    assertRefused(content(false, part(1, fresh(2, 1))), "more content than it lists");
  }

  @Test
  void aBuilderSaysHowMuchContentItMayStillTake() throws IOException {
    builder.add(file("a", 5));
    builder.endListing();
    builder.add(part(0, fresh(1, MIB)));

    assertThat(builder.contentLeft()).isEqualTo(Manifest.MAX_GROWTH_BYTES + 5 - MIB);
  }

  @Test
  void segmentsOutOfOrderAreTheCallersToJudge() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> reader.read(Samples.SIGNER.sign(1, SegmentCodec.encode(listing(true)))));
  }

  private void read(Segment segment) throws IOException {
    assertThat(reader.read(Samples.SIGNER.sign(reader.nextIndex(), SegmentCodec.encode(segment))))
        .isEqualTo(segment);
  }

  private void assertRefused(Segment segment, String message) {
    assertThatExceptionOfType(ManifestException.class)
        .isThrownBy(() -> read(segment))
        .withMessageContaining(message);
  }
}
