package main

import (
	"crypto/rand"
	"fmt"
	"strings"
	"sync"

	"github.com/libp2p/go-libp2p"
	"github.com/libp2p/go-libp2p/core/connmgr"
	"github.com/libp2p/go-libp2p/core/crypto"
	"github.com/libp2p/go-libp2p/core/event"
	"github.com/libp2p/go-libp2p/core/host"
	"github.com/libp2p/go-libp2p/core/network"
	"github.com/libp2p/go-libp2p/core/peer"
	"github.com/libp2p/go-libp2p/core/protocol"
	"github.com/libp2p/go-libp2p/p2p/discovery/mdns"
	"github.com/libp2p/go-libp2p/p2p/muxer/yamux"
	"github.com/libp2p/go-libp2p/p2p/protocol/autonatv2"
	"github.com/libp2p/go-libp2p/p2p/security/noise"
	quic "github.com/libp2p/go-libp2p/p2p/transport/quic"
	"github.com/libp2p/go-libp2p/p2p/transport/tcp"
	"github.com/multiformats/go-multiaddr"
)

// node is the libp2p host together with what identify told about each peer.
type node struct {
	host host.Host
	kad  *kad

	mu         sync.Mutex
	identified map[peer.ID]event.EvtPeerIdentificationCompleted
	found      map[peer.ID][]multiaddr.Multiaddr
	autonat    *autonatv2.AutoNAT
}

// HandlePeerFound is called by mDNS.
func (n *node) HandlePeerFound(info peer.AddrInfo) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.found[info.ID] = info.Addrs
}

func newHost(opts options) (host.Host, error) {
	key, err := newKey(opts.keyType)
	if err != nil {
		return nil, err
	}
	config := []libp2p.Option{
		libp2p.Identity(key),
		libp2p.UserAgent(opts.agent),
		libp2p.ProtocolVersion("ipfs/0.1.0"),
		libp2p.ListenAddrStrings(opts.listen...),
		libp2p.Muxer(yamux.ID, yamux.DefaultTransport),
		// Tests open thousands of streams and must never meet a local limit.
		libp2p.ResourceManager(&network.NullResourceManager{}),
		libp2p.ConnectionManager(connmgr.NullConnMgr{}),
		libp2p.DisableMetrics(),
	}
	// Told, or it would ask servers of AutoNAT by itself; a DHT's mode follows it.
	if opts.kad == "client" {
		config = append(config, libp2p.ForceReachabilityPrivate())
	} else {
		config = append(config, libp2p.ForceReachabilityPublic())
	}
	config = append(config, circuits(opts)...)
	config = append(config, transports()...)
	config = append(config, security(opts.earlyMuxer))
	return libp2p.New(config...)
}

func newNode(opts options) (*node, error) {
	h, err := newHost(opts)
	if err != nil {
		return nil, err
	}
	if opts.relay != "off" {
		if err := serveCircuits(h, opts.relay == "limited"); err != nil {
			return nil, err
		}
	}
	kad, err := newKad(h, opts.kad)
	if err != nil {
		return nil, err
	}
	n := &node{
		host:       h,
		kad:        kad,
		identified: make(map[peer.ID]event.EvtPeerIdentificationCompleted),
		found:      make(map[peer.ID][]multiaddr.Multiaddr),
	}
	if opts.mdns {
		if err := mdns.NewMdnsService(h, mdns.ServiceName, n).Start(); err != nil {
			return nil, err
		}
	}
	events, err := h.EventBus().Subscribe(new(event.EvtPeerIdentificationCompleted))
	if err != nil {
		return nil, err
	}
	go func() {
		for e := range events.Out() {
			done := e.(event.EvtPeerIdentificationCompleted)
			n.mu.Lock()
			// A push need not repeat everything.
			if known := n.identified[done.Peer]; known.Conn == done.Conn {
				if done.ObservedAddr == nil {
					done.ObservedAddr = known.ObservedAddr
				}
				if done.SignedPeerRecord == nil {
					done.SignedPeerRecord = known.SignedPeerRecord
				}
			}
			n.identified[done.Peer] = done
			n.mu.Unlock()
		}
	}()
	n.serve()
	return n, nil
}

// transports lists what the peer can dial and listen with.
func transports() []libp2p.Option {
	return []libp2p.Option{
		libp2p.Transport(tcp.NewTCPTransport),
		libp2p.Transport(quic.NewTransport),
	}
}

func security(earlyMuxer bool) libp2p.Option {
	if earlyMuxer {
		return libp2p.Security(noise.ID, noise.New)
	}
	// Without a muxer list Noise offers no extension, so both sides fall back
	// to multistream-select for the muxer.
	return libp2p.Security(noise.ID, func(id protocol.ID, key crypto.PrivKey) (*noise.Transport, error) {
		return noise.New(id, key, nil)
	})
}

func newKey(keyType string) (crypto.PrivKey, error) {
	types := map[string]int{
		"ed25519":   crypto.Ed25519,
		"secp256k1": crypto.Secp256k1,
		"ecdsa":     crypto.ECDSA,
		"rsa":       crypto.RSA,
	}
	number, ok := types[strings.ToLower(keyType)]
	if !ok {
		return nil, fmt.Errorf("unknown key type %q", keyType)
	}
	key, _, err := crypto.GenerateKeyPairWithReader(number, 2048, rand.Reader)
	return key, err
}

func multiaddrStrings(addrs []multiaddr.Multiaddr) []string {
	texts := make([]string, 0, len(addrs))
	for _, addr := range addrs {
		texts = append(texts, addr.String())
	}
	return texts
}
