package dev.warren.libp2p.nat.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.libp2p.identity.InvalidEnvelopeException;
import dev.warren.libp2p.identity.KeyType;
import dev.warren.libp2p.identity.PeerRecord;
import dev.warren.libp2p.identity.PrivateKey;
import dev.warren.libp2p.identity.SignedEnvelope;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class VoucherTest {
  private final PrivateKey relay = PrivateKey.generate(KeyType.ED25519);
  private final PrivateKey peer = PrivateKey.generate(KeyType.ED25519);
  private final Voucher voucher =
      new Voucher(relay.peerId(), peer.peerId(), Instant.ofEpochSecond(1_800_000_000));

  @Test
  void aVoucherOfARelayIsReadBack() throws Exception {
    assertThat(Voucher.open(voucher.seal(relay).toBytes())).isEqualTo(voucher);
  }

  @Test
  void nobodySignsForAnotherRelay() throws Exception {
    byte[] payload = voucher.seal(relay).payload();
    SignedEnvelope forged =
        SignedEnvelope.seal(peer, "libp2p-relay-rsvp", new byte[] {3, 2}, payload);

    assertThatThrownBy(() -> Voucher.open(forged.toBytes()))
        .isInstanceOf(InvalidEnvelopeException.class)
        .hasMessageContaining("signed by " + peer.peerId());
    assertThatThrownBy(() -> voucher.seal(peer)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void whatWasSignedForAnotherPurposeIsNoVoucher() {
    byte[] record = new PeerRecord(relay.peerId(), 1, List.of()).seal(relay).toBytes();

    assertThatThrownBy(() -> Voucher.open(record)).isInstanceOf(InvalidEnvelopeException.class);
  }

  @Test
  void aMomentThatNobodyWillSeeIsTakenAsTheLatest() {
    assertThat(EpochSeconds.toInstant(1_800_000_000_000_000_000L))
        .isEqualTo(EpochSeconds.toInstant(-1))
        .isEqualTo(Instant.parse("9999-12-31T23:59:59Z"));
  }
}
