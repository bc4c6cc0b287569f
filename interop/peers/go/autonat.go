package main

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"time"

	"github.com/libp2p/go-libp2p/core/network"
	"github.com/libp2p/go-libp2p/core/peer"
	autonatv1 "github.com/libp2p/go-libp2p/p2p/host/autonat"
	"github.com/libp2p/go-libp2p/p2p/protocol/autonatv2"
	"github.com/multiformats/go-multiaddr"
)

const autonatTimeout = 30 * time.Second

// serveAutonat begins to dial others back, by both versions, and to know which
// peers do so that are connected from now on.
func (n *node) serveAutonat() error {
	dialer, err := newHost(options{keyType: "ed25519", earlyMuxer: true})
	if err != nil {
		return err
	}
	_, err = autonatv1.New(n.host,
		autonatv1.EnableService(dialer.Network()),
		// Nothing here may act on its own between two commands.
		autonatv1.WithReachability(network.ReachabilityPublic))
	if err != nil {
		return err
	}
	second, err := autonatv2.New(dialer, privateAddrs())
	if err != nil {
		return err
	}
	n.mu.Lock()
	n.autonat = second
	n.mu.Unlock()
	return second.Start(n.host)
}

// privateAddrs is the option that go-libp2p keeps to its own tests: without it
// no address of this machine is dialed, or asked for.
func privateAddrs() autonatv2.AutoNATOption {
	option := reflect.TypeFor[autonatv2.AutoNATOption]()
	allow := func(args []reflect.Value) []reflect.Value {
		field := args[0].Elem().FieldByName("allowPrivateAddrs")
		*(*bool)(field.Addr().UnsafePointer()) = true
		return []reflect.Value{reflect.Zero(reflect.TypeFor[error]())}
	}
	return reflect.MakeFunc(option, allow).Interface().(autonatv2.AutoNATOption)
}

// askAutonat asks the peer to dial the address.
func (n *node) askAutonat(version string, id peer.ID, addr string) (result, error) {
	parsed, err := multiaddr.NewMultiaddr(addr)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(context.Background(), autonatTimeout)
	defer cancel()
	if version == "autonat-1" {
		return n.askFirst(ctx, id, parsed)
	}
	return n.askSecond(ctx, parsed)
}

func (n *node) askFirst(ctx context.Context, id peer.ID, addr multiaddr.Multiaddr) (result, error) {
	addrs := func() []multiaddr.Multiaddr { return []multiaddr.Multiaddr{addr} }
	err := autonatv1.NewAutoNATClient(n.host, addrs, nil).DialBack(ctx, id)
	switch {
	case err == nil:
		return result{"answer": "reached"}, nil
	case autonatv1.IsDialError(err):
		return result{"answer": "unreached"}, nil
	case autonatv1.IsDialRefused(err):
		return result{"answer": "refused"}, nil
	}
	return nil, err
}

// askSecond asks the one peer that there is, as soon as it is known to serve.
func (n *node) askSecond(ctx context.Context, addr multiaddr.Multiaddr) (result, error) {
	n.mu.Lock()
	second := n.autonat
	n.mu.Unlock()
	if second == nil {
		return nil, errors.New("autonat-serve comes first")
	}
	for {
		answer, err := second.GetReachability(ctx, []autonatv2.Request{{Addr: addr, SendDialData: true}})
		switch {
		case errors.Is(err, autonatv2.ErrNoPeers) && ctx.Err() == nil:
			time.Sleep(5 * time.Millisecond)
		case err != nil:
			return nil, err
		case answer.AllAddrsRefused:
			return result{"answer": "refused"}, nil
		case answer.Reachability == network.ReachabilityPublic:
			return result{"answer": "reached"}, nil
		case answer.Reachability == network.ReachabilityPrivate:
			return result{"answer": "unreached"}, nil
		default:
			return nil, fmt.Errorf("unknown reachability of %s", answer.Addr)
		}
	}
}
