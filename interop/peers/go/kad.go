package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/ipfs/go-cid"
	dht "github.com/libp2p/go-libp2p-kad-dht"
	"github.com/libp2p/go-libp2p/core/event"
	"github.com/libp2p/go-libp2p/core/host"
	"github.com/libp2p/go-libp2p/core/network"
	"github.com/libp2p/go-libp2p/core/peer"
)

const kadTimeout = 30 * time.Second

// kad is what the peer has of the DHT: its own node, unless that is off, and
// those of the network that it was told to start.
type kad struct {
	own     *dht.IpfsDHT
	modes   event.Emitter
	members []*dht.IpfsDHT
}

func newKad(h host.Host, mode string) (*kad, error) {
	k := &kad{}
	if mode == "off" {
		return k, nil
	}
	// A node changes its mode as the host finds out whether it can be reached;
	// until it knows, these two do what their names say.
	begin := dht.ModeAuto
	if mode == "server" {
		begin = dht.ModeAutoServer
	}
	var err error
	if k.modes, err = h.EventBus().Emitter(new(event.EvtLocalReachabilityChanged)); err != nil {
		return nil, err
	}
	k.own, err = newDHT(h, begin)
	return k, err
}

func newDHT(h host.Host, mode dht.ModeOpt) (*dht.IpfsDHT, error) {
	return dht.New(h, dht.Mode(mode), dht.DisableAutoRefresh())
}

// node gives the node that a command is about.
func (k *kad) node(member int) (*dht.IpfsDHT, error) {
	switch {
	case member == 0 && k.own != nil:
		return k.own, nil
	case member > 0 && member <= len(k.members):
		return k.members[member-1], nil
	}
	return nil, fmt.Errorf("there is no member %d of the DHT here", member)
}

func (k *kad) run(cmd command) (result, error) {
	switch cmd.Cmd {
	case "kad-network":
		return k.startNetwork(cmd.Count, cmd.Addr)
	case "kad-known":
		return k.known(cmd.Peer)
	}

	node, err := k.node(cmd.Member)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(context.Background(), kadTimeout)
	defer cancel()
	switch cmd.Cmd {
	case "kad-join":
		return nil, join(ctx, node, cmd.Addr)
	case "kad-mode":
		reachability := network.ReachabilityPrivate
		if cmd.Mode == "server" {
			reachability = network.ReachabilityPublic
		}
		return nil, k.modes.Emit(event.EvtLocalReachabilityChanged{Reachability: reachability})
	case "kad-find":
		id, err := peer.Decode(cmd.Peer)
		if err != nil {
			return nil, err
		}
		info, err := node.FindPeer(ctx, id)
		return result{"addrs": multiaddrStrings(info.Addrs)}, err
	case "kad-provide":
		return nil, node.Provide(ctx, cid.NewCidV1(cid.Raw, cmd.Key), true)
	case "kad-providers":
		providers := map[string][]string{}
		for info := range node.FindProvidersAsync(ctx, cid.NewCidV1(cid.Raw, cmd.Key), node.BucketSize()) {
			providers[info.ID.String()] = multiaddrStrings(info.Addrs)
		}
		return result{"providers": providers}, nil
	case "kad-put":
		return nil, node.PutValue(ctx, string(cmd.Key), cmd.Value)
	case "kad-get":
		value, err := node.GetValue(ctx, string(cmd.Key))
		return result{"value": value}, err
	}
	return nil, fmt.Errorf("unknown command %q", cmd.Cmd)
}

// join connects to the peer at the address, and looks for those around the
// node when the peer has been taken in.
func join(ctx context.Context, node *dht.IpfsDHT, addr string) error {
	info, err := peer.AddrInfoFromString(addr)
	if err != nil {
		return err
	}
	if err := node.Host().Connect(ctx, *info); err != nil {
		return err
	}
	for node.RoutingTable().Find(info.ID) == "" {
		select {
		case <-ctx.Done():
			return errors.New("the peer was not taken into the routing table")
		case <-time.After(5 * time.Millisecond):
		}
	}
	_, err = node.GetClosestPeers(ctx, string(node.PeerID()))
	return err
}

// known counts the routing tables that the peer is in.
func (k *kad) known(text string) (result, error) {
	id, err := peer.Decode(text)
	if err != nil {
		return nil, err
	}
	tables := 0
	for member := range len(k.members) + 1 {
		if node, err := k.node(member); err == nil && node.RoutingTable().Find(id) != "" {
			tables++
		}
	}
	return result{"tables": tables}, nil
}

// startNetwork starts servers, each on a host of its own, that join by way of
// one another in a chain; the first of them by way of addr, if there is one.
func (k *kad) startNetwork(count int, addr string) (result, error) {
	ctx, cancel := context.WithTimeout(context.Background(), kadTimeout)
	defer cancel()
	addrs := []string{}
	for range count {
		h, err := newHost(options{listen: []string{anyPort}, keyType: "ed25519", earlyMuxer: true})
		if err != nil {
			return nil, err
		}
		node, err := newDHT(h, dht.ModeServer)
		if err != nil {
			return nil, err
		}
		if addr != "" {
			if err := join(ctx, node, addr); err != nil {
				return nil, err
			}
		}
		full, err := peer.AddrInfoToP2pAddrs(host.InfoFromHost(h))
		if err != nil {
			return nil, err
		}
		addr = full[0].String()
		addrs = append(addrs, addr)
		k.members = append(k.members, node)
	}
	return result{"addrs": addrs}, nil
}
