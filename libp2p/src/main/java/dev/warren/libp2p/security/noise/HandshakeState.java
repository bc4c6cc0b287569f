package dev.warren.libp2p.security.noise;

import dev.warren.libp2p.security.HandshakeException;
import dev.warren.libp2p.security.HandshakeException.Reason;
import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.List;
import javax.crypto.AEADBadTagException;
import org.jspecify.annotations.Nullable;

/**
 * The XX handshake (Noise, sections 5.3 and 7.5) as a pure state machine: messages in, messages
 * out. Both ends take turns, the initiator first, for three messages; then {@link #split}.
 */
final class HandshakeState {
  private static final String PROTOCOL_NAME = "Noise_XX_25519_ChaChaPoly_SHA256";

  private enum Token {
    E,
    S,
    EE,
    ES,
    SE
  }

  private static final List<List<Token>> XX =
      List.of(
          List.of(Token.E),
          List.of(Token.E, Token.EE, Token.S, Token.ES),
          List.of(Token.S, Token.SE));

  private final SymmetricState symmetric = new SymmetricState(PROTOCOL_NAME);
  private final boolean initiator;
  private final KeyPair25519 ourStatic;
  private final KeyPair25519 ourEphemeral;
  private byte @Nullable [] theirStatic;
  private byte @Nullable [] theirEphemeral;
  private int turn;

  /** The ciphers of the transport phase, named from this end. */
  record Ciphers(CipherState sending, CipherState receiving) {}

  HandshakeState(
      boolean initiator, byte[] prologue, KeyPair25519 ourStatic, KeyPair25519 ourEphemeral) {
    this.initiator = initiator;
    this.ourStatic = ourStatic;
    this.ourEphemeral = ourEphemeral;
    symmetric.mixHash(prologue);
  }

  /** Our next message. */
  byte[] writeMessage(byte[] payload) throws HandshakeException {
    ByteArrayOutputStream message = new ByteArrayOutputStream(256 + payload.length);
    for (Token token : nextTokens(true)) {
      switch (token) {
        case E -> {
          byte[] key = ourEphemeral.publicKey();
          symmetric.mixHash(key);
          message.writeBytes(key);
        }
        case S -> message.writeBytes(symmetric.encryptAndHash(ourStatic.publicKey()));
        case EE, ES, SE -> mixSharedSecret(token);
      }
    }
    message.writeBytes(symmetric.encryptAndHash(payload));
    return message.toByteArray();
  }

  /** Takes the peer's next message and returns its payload. */
  byte[] readMessage(byte[] message) throws HandshakeException {
    int at = 0;
    for (Token token : nextTokens(false)) {
      switch (token) {
        case E -> {
          byte[] key = slice(message, at, KeyPair25519.PUBLIC_KEY_BYTES);
          at += key.length;
          symmetric.mixHash(key);
          theirEphemeral = key;
        }
        case S -> {
          byte[] sealed = slice(message, at, KeyPair25519.PUBLIC_KEY_BYTES + CipherState.TAG_BYTES);
          at += sealed.length;
          theirStatic = open(sealed);
        }
        case EE, ES, SE -> mixSharedSecret(token);
      }
    }
    int least = symmetric.hasKey() ? CipherState.TAG_BYTES : 0;
    return open(slice(message, at, Math.max(least, message.length - at)));
  }

  /** The peer's static key; known once a message with it was read. */
  byte[] theirStatic() {
    return known(theirStatic).clone();
  }

  /** A value that is unique to this handshake (Noise, section 11.2). */
  byte[] handshakeHash() {
    return symmetric.handshakeHash();
  }

  /** Ends the handshake after its last message. */
  Ciphers split() {
    if (turn != XX.size()) {
      throw new IllegalStateException("the handshake is not over");
    }
    SymmetricState.TransportCiphers both = symmetric.split();
    return initiator
        ? new Ciphers(both.initiatorToResponder(), both.responderToInitiator())
        : new Ciphers(both.responderToInitiator(), both.initiatorToResponder());
  }

  private List<Token> nextTokens(boolean writing) {
    boolean initiatorsTurn = turn % 2 == 0;
    if (turn == XX.size() || writing != (initiator == initiatorsTurn)) {
      throw new IllegalStateException("not this end's turn");
    }
    return XX.get(turn++);
  }

  private void mixSharedSecret(Token token) throws HandshakeException {
    // The first letter names the initiator's key, the second the responder's.
    boolean useOurEphemeral = token == Token.EE || (token == Token.ES) == initiator;
    boolean useTheirEphemeral = token == Token.EE || (token == Token.SE) == initiator;
    KeyPair25519 ours = useOurEphemeral ? ourEphemeral : ourStatic;
    byte[] theirs = known(useTheirEphemeral ? theirEphemeral : theirStatic);
    try {
      symmetric.mixKey(ours.sharedSecret(theirs));
    } catch (GeneralSecurityException e) {
      throw new HandshakeException(
          Reason.CRYPTO, "the peer sent a key that would make the connection's secret known", e);
    }
  }

  private byte[] open(byte[] sealed) throws HandshakeException {
    try {
      return symmetric.decryptAndHash(sealed);
    } catch (AEADBadTagException e) {
      throw new HandshakeException(
          Reason.CRYPTO, "the peer's handshake message could not be decrypted", e);
    }
  }

  private static byte[] slice(byte[] message, int from, int length) throws HandshakeException {
    if (message.length - from < length) {
      throw new HandshakeException(
          Reason.MALFORMED, "the peer's handshake message is too short: " + message.length);
    }
    return Arrays.copyOfRange(message, from, from + length);
  }

  private static byte[] known(byte @Nullable [] key) {
    if (key == null) {
      throw new IllegalStateException("the peer has not sent this key yet");
    }
    return key;
  }
}
