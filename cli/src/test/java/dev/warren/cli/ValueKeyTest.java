package dev.warren.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.warren.libp2p.dht.record.IpnsRecord;
import dev.warren.libp2p.dht.record.PublicKeyValidator;
import dev.warren.libp2p.dht.record.WarrenRecord;
import dev.warren.libp2p.identity.KeyType;
import dev.warren.libp2p.identity.PeerId;
import dev.warren.libp2p.identity.PrivateKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ValueKeyTest {
  private static final String ID = "12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5SA";
  private static final PeerId OTHER = PeerId.parse(ID);
  private static final PeerId SELF = PrivateKey.generate(KeyType.ED25519).peerId();

  @Test
  void aNameAloneIsOfTheNodeItself() throws CommandFailure {
    assertThat(ValueKey.parse("motto", SELF)).isEqualTo(new ValueKey.Named(SELF, "motto"));
    assertThat(ValueKey.parse("of/two", SELF)).isEqualTo(new ValueKey.Named(SELF, "of/two"));
    assertThat(ValueKey.parse("motto", SELF).target()).isEqualTo(WarrenRecord.key(SELF, "motto"));
  }

  @Test
  void aNameBehindAPeerIsOfThatPeer() throws CommandFailure {
    var expected = new ValueKey.Named(OTHER, "of/two");
    assertThat(ValueKey.parse(ID + "/of/two", SELF)).isEqualTo(expected);
    assertThat(ValueKey.parse("/warren/" + OTHER.toCid() + "/of/two", SELF)).isEqualTo(expected);
    assertThat(ValueKey.parse(expected.toString(), SELF)).isEqualTo(expected);
  }

  @Test
  void othersHaveOneValueForEachPeer() throws CommandFailure {
    assertThat(ValueKey.parse("/pk/" + ID, SELF).target()).isEqualTo(PublicKeyValidator.key(OTHER));
    assertThat(ValueKey.parse("/ipns/" + OTHER.toCid(), SELF).target())
        .isEqualTo(IpnsRecord.key(OTHER));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ID + "/",
        "/pk/nobody",
        "/ipns/",
        "/warren/" + ID,
        "/warren/kim/x",
        "/other/x"
      })
  void whatCanBeNoKeyIsWrongUsage(String text) {
    assertThatThrownBy(() -> ValueKey.parse(text, SELF))
        .isInstanceOfSatisfying(
            CommandFailure.class,
            failure -> {
              assertThat(failure.exitCode()).isEqualTo(ExitCode.USAGE);
              assertThat(failure.nextStep()).endsWith(".");
            });
  }

  @Test
  void aNameIsNoLongerThanPeersTake() {
    assertThatThrownBy(() -> ValueKey.parse("x".repeat(257), SELF))
        .isInstanceOf(CommandFailure.class)
        .hasMessageContaining("256");
  }
}
