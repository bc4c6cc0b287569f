package dev.warren.libp2p.identity;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;

class SignedEnvelopeFuzzTest {
  private static final PrivateKey KEY =
      PrivateKey.fromProtobuf(KeyVectors.privateKey(KeyType.ED25519));

  @FuzzTest
  void envelopesAreOpenedOrRefused(byte[] input) throws InvalidEnvelopeException {
    SignedEnvelope envelope;
    try {
      envelope = SignedEnvelope.open(input, "warren-test");
    } catch (InvalidEnvelopeException refused) {
      return;
    }
    assertThat(SignedEnvelope.open(envelope.toBytes(), "warren-test")).isEqualTo(envelope);
  }

  @FuzzTest
  void peerRecordsAreOpenedOrRefused(byte[] input) throws InvalidEnvelopeException {
    PeerRecord record;
    try {
      record = PeerRecord.open(input);
    } catch (InvalidEnvelopeException refused) {
      return;
    }
    assertThat(record.addresses()).hasSizeLessThanOrEqualTo(PeerRecord.MAX_ADDRESSES);
  }

  /** Behind a good signature, where a fuzzer would never get on its own. */
  @FuzzTest
  void signedPayloadsAreReadOrRefused(byte[] input) throws InvalidEnvelopeException {
    byte[] envelope;
    try {
      envelope =
          SignedEnvelope.seal(KEY, "libp2p-peer-record", new byte[] {0x03, 0x01}, input).toBytes();
    } catch (IllegalArgumentException tooLong) {
      return;
    }
    PeerRecord record;
    try {
      record = PeerRecord.open(envelope);
    } catch (InvalidEnvelopeException refused) {
      return;
    }
    assertThat(PeerRecord.open(record.seal(KEY).toBytes())).isEqualTo(record);
  }
}
