package dev.warren.libp2p.security.noise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

class CipherStateTest {
  private static final byte[] KEY = new byte[32];
  private static final byte[] NOTHING = {};
  private static final byte[] HELLO = "hello".getBytes(StandardCharsets.US_ASCII);

  @Test
  void eachMessageHasANonceOfItsOwn() throws AEADBadTagException {
    CipherState out = new CipherState(KEY);
    CipherState in = new CipherState(KEY);
    byte[] first = out.encrypt(NOTHING, HELLO);
    byte[] second = out.encrypt(NOTHING, HELLO);
    assertThat(first).isNotEqualTo(second);
    assertThat(in.decrypt(NOTHING, first)).isEqualTo(HELLO);
    assertThat(in.decrypt(NOTHING, second)).isEqualTo(HELLO);
  }

  @Test
  void aFailedDecryptionUsesNoNonceUp() throws AEADBadTagException {
    CipherState out = new CipherState(KEY);
    CipherState in = new CipherState(KEY);
    byte[] message = out.encrypt(NOTHING, HELLO);
    byte[] tampered = message.clone();
    tampered[0] ^= 1;
    assertThatExceptionOfType(AEADBadTagException.class)
        .isThrownBy(() -> in.decrypt(NOTHING, tampered));
    assertThat(in.decrypt(NOTHING, message)).isEqualTo(HELLO);
  }

  @Test
  void aMessageShorterThanItsTagIsNotAuthentic() {
    CipherState in = new CipherState(KEY);
    assertThatExceptionOfType(AEADBadTagException.class)
        .isThrownBy(() -> in.decrypt(NOTHING, new byte[15]));
    assertThatExceptionOfType(AEADBadTagException.class)
        .isThrownBy(() -> in.decrypt(new byte[15], 0, 15, new byte[15], 0));
  }

  @Test
  void theReservedNonceIsNeverUsed() throws AEADBadTagException {
    CipherState out = new CipherState(KEY, -2L);
    CipherState in = new CipherState(KEY, -2L);
    assertThat(out.exhausted()).isFalse();
    byte[] last = out.encrypt(NOTHING, HELLO);
    assertThat(in.decrypt(NOTHING, last)).isEqualTo(HELLO);

    assertThat(out.exhausted()).isTrue();
    assertThat(in.exhausted()).isTrue();
    assertThatIllegalStateException().isThrownBy(() -> out.encrypt(NOTHING, HELLO));
    assertThatIllegalStateException().isThrownBy(() -> in.decrypt(NOTHING, last));
  }

  @Test
  void theCounterIsLittleEndianAfterFourZeroBytes() throws Exception {
    CipherState out = new CipherState(KEY, 0x0102030405060708L);
    Cipher cipher = Cipher.getInstance("ChaCha20-Poly1305");
    cipher.init(
        Cipher.ENCRYPT_MODE,
        new SecretKeySpec(KEY, "ChaCha20"),
        new IvParameterSpec(new byte[] {0, 0, 0, 0, 8, 7, 6, 5, 4, 3, 2, 1}));
    assertThat(out.encrypt(NOTHING, HELLO)).isEqualTo(cipher.doFinal(HELLO));
  }

  @Test
  void headAndBodyMakeOneMessageThatIsOpenedInItsPlace() throws AEADBadTagException {
    byte[] head = {1, 2, 3};
    byte[] body = {4, 5, 6, 7};
    byte[] whole = {1, 2, 3, 4, 5, 6, 7};
    for (int fromHead = 0; fromHead <= head.length; fromHead++) {
      for (int fromBody = 0; fromBody <= body.length; fromBody++) {
        byte[] buffer = new byte[40];
        int n = new CipherState(KEY).encrypt(head, 0, fromHead, body, 0, fromBody, buffer, 2);
        assertThat(n).isEqualTo(fromHead + fromBody + 16);
        int m = new CipherState(KEY).decrypt(buffer, 2, n, buffer, 2);
        assertThat(m).isEqualTo(fromHead + fromBody);
        assertThat(Arrays.copyOfRange(buffer, 2, 2 + fromHead))
            .isEqualTo(Arrays.copyOf(whole, fromHead));
        assertThat(Arrays.copyOfRange(buffer, 2 + fromHead, 2 + m))
            .isEqualTo(Arrays.copyOf(body, fromBody));
      }
    }
  }
}
