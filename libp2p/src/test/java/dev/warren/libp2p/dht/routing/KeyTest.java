package dev.warren.libp2p.dht.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.multiformats.Cid;
import java.math.BigInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class KeyTest {
  /** The example of the IPFS kad-dht spec, "Kademlia Keyspace". */
  @Test
  void ofAPeerIsTheHashOfItsId() {
    PeerId peer = PeerId.parse("12D3KooWLU2znyJMtDiHArqAGbZn8CgUGp92kxDBtefftEEaHSZS");
    assertThat(Key.of(peer))
        .hasToString("e43d28f0996557c0d5571d75c62a57a59d7ac1d30a51ecedcdb9d5e4afa56100");
  }

  /** The example of the IPFS kad-dht spec, "Content Kademlia Identifier". */
  @Test
  void ofContentIsTheHashOfItsMultihash() {
    Cid cid = Cid.parse("bafybeihfg3d7rdltd43u3tfvncx7n5loqofbsobojcadtmokrljfthuc7y");
    assertThat(Target.of(cid.multihash()).key())
        .hasToString("d623250f3f660ab4c3a53d3c97b3f6a0194c548053488d093520206248253bcb");
  }

  @Property
  void distancesAreThoseOfNumbers(
      @ForAll @Size(Key.BYTES) byte[] from,
      @ForAll @Size(Key.BYTES) byte[] one,
      @ForAll @Size(Key.BYTES) byte[] other) {
    int order = number(from).xor(number(one)).compareTo(number(from).xor(number(other)));
    assertThat(
            Integer.signum(
                Key.fromBytes(from).compareDistances(Key.fromBytes(one), Key.fromBytes(other))))
        .isEqualTo(order);
    assertThat(Integer.signum(Key.fromBytes(one).compareTo(Key.fromBytes(other))))
        .isEqualTo(number(one).compareTo(number(other)));
  }

  @Property
  void theCommonPrefixEndsAtTheFirstBitThatDiffers(
      @ForAll @Size(Key.BYTES) byte[] bytes, @ForAll byte flipped) {
    int index = Byte.toUnsignedInt(flipped);
    byte[] other = number(bytes).xor(BigInteger.ONE.shiftLeft(255 - index)).toByteArray();
    byte[] padded = new byte[Key.BYTES];
    int length = Math.min(other.length, Key.BYTES);
    System.arraycopy(other, other.length - length, padded, Key.BYTES - length, length);

    Key key = Key.fromBytes(bytes);
    assertThat(key.commonPrefixLength(Key.fromBytes(padded))).isEqualTo(index);
    assertThat(key.withFlipped(index)).isEqualTo(Key.fromBytes(padded));
    assertThat(key.commonPrefixLength(key)).isEqualTo(Key.BITS);
    assertThat(key.toBytes()).isEqualTo(bytes);
  }

  @Test
  void aKeyHasThirtyTwoBytes() {
    assertThatThrownBy(() -> Key.fromBytes(new byte[31]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static BigInteger number(byte[] bytes) {
    return new BigInteger(1, bytes);
  }
}
