package dev.warren.libp2p.nat.portmap;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.w3c.dom.Element;

/** A router that speaks UPnP's WANIPConnection (versions 1 and 2) or WANPPPConnection. */
final class UpnpGateway implements Gateway {
  private static final int CONFLICT = 718;
  private static final int ONLY_PERMANENT = 725;
  private static final int MAX_PORTS_TRIED = 4;
  private static final int MAX_DESCRIPTION = 80;

  private final LanHttp http;
  private final UpnpService service;
  private final InetAddress localAddress;
  private final SecureRandom random = new SecureRandom();
  private boolean onlyPermanent;

  UpnpGateway(LanHttp http, UpnpService service, InetAddress localAddress) {
    this.http = http;
    this.service = service;
    this.localAddress = localAddress;
  }

  @Override
  public String name() {
    return "UPnP";
  }

  @Override
  public InetAddress localAddress() {
    return localAddress;
  }

  @Override
  public PortMapping map(
      PortMapping.Kind kind, int internalPort, int externalPort, Duration lifetime)
      throws IOException {
    InetAddress external = externalAddress();
    int port = externalPort;
    for (int tried = 1; ; tried++) {
      try {
        add(kind, internalPort, port, onlyPermanent ? Duration.ZERO : lifetime);
        return new PortMapping(kind, internalPort, new InetSocketAddress(external, port), lifetime);
      } catch (UpnpErrorException e) {
        if (e.code() == ONLY_PERMANENT && !onlyPermanent) {
          onlyPermanent = true; // it goes when we do
        } else if (e.code() == CONFLICT && tried < MAX_PORTS_TRIED) {
          port = random.nextInt(10_000, 60_000);
        } else {
          throw new PortMappingRefusedException(String.valueOf(e.getMessage()));
        }
      }
    }
  }

  private InetAddress externalAddress() throws IOException {
    String text =
        LanXml.text(order("GetExternalIPAddress", Map.of()), "NewExternalIPAddress").orElse("");
    try {
      return InetAddress.ofLiteral(text);
    } catch (IllegalArgumentException _) {
      throw new IOException("the router does not know its own address");
    }
  }

  private void add(PortMapping.Kind kind, int internalPort, int externalPort, Duration lease)
      throws IOException {
    Map<String, String> arguments = which(kind, externalPort);
    arguments.put("NewInternalPort", Integer.toString(internalPort));
    arguments.put("NewInternalClient", localAddress.getHostAddress());
    arguments.put("NewEnabled", "1");
    arguments.put("NewPortMappingDescription", "Warren");
    arguments.put("NewLeaseDuration", Long.toString(lease.toSeconds()));
    order("AddPortMapping", arguments);
  }

  @Override
  public boolean keeps(Collection<PortMapping> mappings) throws IOException {
    InetAddress external = externalAddress();
    for (PortMapping mapping : mappings) {
      if (!mapping.external().getAddress().equals(external) || !keeps(mapping)) {
        return false;
      }
    }
    return true;
  }

  private boolean keeps(PortMapping mapping) throws IOException {
    try {
      Element entry =
          order("GetSpecificPortMappingEntry", which(mapping.kind(), mapping.externalPort()));
      return LanXml.text(entry, "NewInternalClient")
          .filter(localAddress.getHostAddress()::equals)
          .isPresent();
    } catch (UpnpErrorException _) {
      return false;
    }
  }

  @Override
  public void unmap(PortMapping mapping) throws IOException {
    order("DeletePortMapping", which(mapping.kind(), mapping.externalPort()));
  }

  /** The arguments come in this order. */
  private static Map<String, String> which(PortMapping.Kind kind, int externalPort) {
    var arguments = new LinkedHashMap<String, String>();
    arguments.put("NewRemoteHost", "");
    arguments.put("NewExternalPort", Integer.toString(externalPort));
    arguments.put("NewProtocol", kind.name());
    return arguments;
  }

  private Element order(String action, Map<String, String> arguments) throws IOException {
    var inner = new StringBuilder();
    arguments.forEach((name, value) -> inner.append("<%s>%s</%s>".formatted(name, value, name)));
    LanHttp.Answer answer =
        http.post(service.control(), service.type() + '#' + action, envelope(action, inner));
    if (!answer.isGood()) {
      throw error(answer.root(), answer.status());
    }
    return answer.root();
  }

  private String envelope(String action, CharSequence arguments) {
    return """
        <?xml version="1.0"?>
        <s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" \
        s:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/">\
        <s:Body><u:%1$s xmlns:u="%2$s">%3$s</u:%1$s></s:Body></s:Envelope>
        """
        .formatted(action, service.type(), arguments);
  }

  private static UpnpErrorException error(Element fault, int status) {
    int code = LanXml.text(fault, "errorCode").flatMap(UpnpGateway::number).orElse(status);
    String description = LanXml.text(fault, "errorDescription").orElse("no reason given");
    return new UpnpErrorException(
        code, description.substring(0, Math.min(MAX_DESCRIPTION, description.length())));
  }

  private static Optional<Integer> number(String text) {
    return text.matches("[0-9]{1,6}") ? Optional.of(Integer.valueOf(text)) : Optional.empty();
  }

  @Override
  public void close() {}
}
