package dev.warren.libp2p.nat.portmap;

import java.net.InetAddress;
import java.net.URI;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.w3c.dom.Element;

/**
 * The part of a router that maps ports, from its description of itself (UPnP Device Architecture
 * 1.1, §2.3).
 *
 * @param type such as {@code urn:schemas-upnp-org:service:WANIPConnection:1}
 * @param control where it takes orders
 */
record UpnpService(String type, URI control) {
  /** The best first. */
  static final List<String> TYPES =
      List.of(
          "urn:schemas-upnp-org:service:WANIPConnection:2",
          "urn:schemas-upnp-org:service:WANIPConnection:1",
          "urn:schemas-upnp-org:service:WANPPPConnection:1");

  /**
   * Finds it in a description. What would be ordered elsewhere than at the router is left out.
   *
   * @param root the whole description
   * @param location where it was
   */
  static Optional<UpnpService> find(Element root, URI location, InetAddress router) {
    URI base = LanXml.text(root, "URLBase").flatMap(UpnpService::uri).orElse(location);
    return LanXml.elements(root, "service")
        .flatMap(service -> service(service, base).stream())
        .filter(service -> LanHttp.isAt(service.control(), router))
        .min(Comparator.comparingInt(service -> TYPES.indexOf(service.type())));
  }

  private static Optional<UpnpService> service(Element service, URI base) {
    Optional<String> type = LanXml.text(service, "serviceType").filter(TYPES::contains);
    Optional<URI> control =
        LanXml.text(service, "controlURL").flatMap(UpnpService::uri).map(base::resolve);
    return type.isPresent() && control.isPresent()
        ? Optional.of(new UpnpService(type.get(), control.get()))
        : Optional.empty();
  }

  private static Optional<URI> uri(String text) {
    try {
      return Optional.of(URI.create(text));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }
}
