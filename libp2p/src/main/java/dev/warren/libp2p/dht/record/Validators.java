package dev.warren.libp2p.dht.record;

import dev.warren.libp2p.dht.routing.Target;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Map;

/**
 * The namespaces whose values a node stores and believes. A key is {@code /namespace/} and what the
 * namespace makes of the rest.
 */
public final class Validators {
  private final Map<String, Validator> byNamespace;

  public Validators(Map<String, Validator> byNamespace) {
    this.byNamespace = Map.copyOf(byNamespace);
  }

  /** What the public IPFS network stores: keys of peers, and IPNS. */
  public static Validators ipfs(InstantSource clock) {
    return new Validators(
        Map.of(
            PublicKeyValidator.NAMESPACE, new PublicKeyValidator(),
            IpnsValidator.NAMESPACE, new IpnsValidator(clock)));
  }

  /** The same, and values of Warren's own form. */
  public static Validators warren(InstantSource clock) {
    return new Validators(
        Map.of(
            PublicKeyValidator.NAMESPACE, new PublicKeyValidator(),
            IpnsValidator.NAMESPACE, new IpnsValidator(clock),
            WarrenValidator.NAMESPACE, new WarrenValidator(clock)));
  }

  /** The validator for a key. */
  public Validator of(Target key) throws InvalidRecordException {
    String text = new String(key.toBytes(), StandardCharsets.ISO_8859_1);
    int end = text.indexOf('/', 1);
    Validator validator =
        text.startsWith("/") && end > 0 ? byNamespace.get(text.substring(1, end)) : null;
    if (validator == null) {
      throw new InvalidRecordException("values are stored under " + byNamespace.keySet() + " only");
    }
    return validator;
  }

  /** The key without its namespace, which has to be this one. */
  static byte[] rest(String namespace, Target key) throws InvalidRecordException {
    byte[] prefix = ("/" + namespace + "/").getBytes(StandardCharsets.US_ASCII);
    byte[] bytes = key.toBytes();
    if (bytes.length <= prefix.length
        || !Arrays.equals(bytes, 0, prefix.length, prefix, 0, prefix.length)) {
      throw new InvalidRecordException("not a key under /" + namespace);
    }
    return Arrays.copyOfRange(bytes, prefix.length, bytes.length);
  }
}
