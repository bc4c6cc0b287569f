package dev.warren.libp2p.dht.wire;

import dev.warren.libp2p.dht.record.Value;
import dev.warren.libp2p.dht.routing.Contact;
import java.util.List;
import java.util.Optional;

/**
 * What a peer answers. Nothing of it is proven.
 *
 * @param closer peers near to what was asked for
 * @param providers of it
 * @param value stored under it
 */
public record Response(List<Contact> closer, List<Contact> providers, Optional<Value> value) {
  /** Says that the request has arrived. */
  public static final Response EMPTY = new Response(List.of(), List.of(), Optional.empty());

  public Response {
    closer = List.copyOf(closer);
    providers = List.copyOf(providers);
  }

  public static Response ofCloser(List<Contact> closer) {
    return new Response(closer, List.of(), Optional.empty());
  }

  /** The same, but for the peers that it names. */
  public Response withoutCloser() {
    return new Response(List.of(), providers, value);
  }
}
