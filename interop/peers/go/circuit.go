package main

import (
	"context"
	"time"

	"github.com/libp2p/go-libp2p"
	"github.com/libp2p/go-libp2p/core/host"
	"github.com/libp2p/go-libp2p/core/network"
	"github.com/libp2p/go-libp2p/core/peer"
	"github.com/libp2p/go-libp2p/p2p/protocol/circuitv2/client"
	"github.com/libp2p/go-libp2p/p2p/protocol/circuitv2/relay"
	"github.com/multiformats/go-multiaddr"
)

const (
	// unbounded is more of anything than a test asks for.
	unbounded = 1 << 20

	// What a limited relay lets pass through each circuit.
	circuitTime  = 5 * time.Second
	circuitBytes = 128 << 10

	reserveTimeout = 30 * time.Second
)

// circuits lets the peer use relays, and punch holes if it is to.
func circuits(opts options) []libp2p.Option {
	if opts.dcutr {
		return []libp2p.Option{libp2p.EnableRelay(), libp2p.EnableHolePunching()}
	}
	// Nothing here may act on its own between two commands.
	return []libp2p.Option{libp2p.EnableRelay(), libp2p.DisableIdentifyAddressDiscovery()}
}

// serveCircuits makes the host a relay that grants whatever it is asked for:
// benches hold thousands of places from one address.
func serveCircuits(h host.Host, limited bool) error {
	resources := relay.DefaultResources()
	resources.Limit = nil
	if limited {
		resources.Limit = &relay.RelayLimit{Duration: circuitTime, Data: circuitBytes}
	}
	resources.MaxReservations = unbounded
	resources.MaxReservationsPerIP = unbounded
	resources.MaxReservationsPerASN = unbounded
	resources.MaxCircuits = unbounded
	// Without the filter it would tell of no address of this machine.
	everywhere := func(multiaddr.Multiaddr) bool { return true }
	_, err := relay.New(h, relay.WithResources(resources), relay.WithReservationAddressFilter(everywhere))
	return err
}

// reserve takes a place at a relay, and tells what the relay told.
func (n *node) reserve(addr string) (result, error) {
	info, err := peer.AddrInfoFromString(addr)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(context.Background(), reserveTimeout)
	defer cancel()
	// It checks the voucher.
	place, err := client.Reserve(ctx, n.host, *info)
	if err != nil {
		return nil, err
	}
	addrs := []string{}
	for _, told := range place.Addrs {
		addrs = append(addrs, told.String()+"/p2p-circuit/p2p/"+n.host.ID().String())
	}
	return result{
		"addrs":        addrs,
		"limitSeconds": place.LimitDuration / time.Second,
		"limitBytes":   place.LimitData,
		"voucher":      place.Voucher != nil,
	}, nil
}

// paths tells at which addresses the peer is connected.
func (n *node) paths(id peer.ID) result {
	addrs := []string{}
	for _, conn := range n.host.Network().ConnsToPeer(id) {
		addrs = append(addrs, conn.RemoteMultiaddr().String())
	}
	return result{"addrs": addrs}
}

// limited allows what is done to be done over a relay that limits it.
func limited(ctx context.Context) context.Context {
	return network.WithAllowLimitedConn(ctx, "the limits of relays are put to the test")
}

func isCircuit(addr multiaddr.Multiaddr) bool {
	_, err := addr.ValueForProtocol(multiaddr.P_CIRCUIT)
	return err == nil
}
