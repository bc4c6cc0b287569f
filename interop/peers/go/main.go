// Command go-peer is a go-libp2p node that is driven by JSON commands on its
// standard input. ../README.md describes the commands and the protocols.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
)

const (
	libp2pModule = "github.com/libp2p/go-libp2p"
	anyPort      = "/ip4/127.0.0.1/tcp/0"
)

type options struct {
	listen     []string
	keyType    string
	earlyMuxer bool
	agent      string
	mdns       bool
	kad        string
	relay      string
	dcutr      bool
}

// stringList is a flag that may be given more than once.
type stringList []string

func (l *stringList) String() string { return strings.Join(*l, ",") }

func (l *stringList) Set(value string) error {
	*l = append(*l, value)
	return nil
}

func parseOptions(args []string) (options, error) {
	var listen stringList
	flags := flag.NewFlagSet("go-peer", flag.ContinueOnError)
	flags.Var(&listen, "listen", "multiaddr to listen on (repeatable)")
	keyType := flags.String("key-type", "ed25519", "ed25519, secp256k1, ecdsa or rsa")
	early := flags.String("early-muxer", "on", "on or off: offer muxers inside the Noise handshake")
	agent := flags.String("agent", "warren-interop-go", "agent version told by identify")
	lan := flags.String("mdns", "off", "on or off: announce and find peers on the local network")
	kad := flags.String("kad", "off", "off, server or client: take part in a Kademlia DHT")
	relays := flags.String("relay", "off", "off, on or limited: be a circuit relay")
	punches := flags.String("dcutr", "off", "on or off: punch holes to peers met by a relay")
	if err := flags.Parse(args); err != nil {
		return options{}, err
	}
	if flags.NArg() > 0 {
		return options{}, fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	if *early != "on" && *early != "off" {
		return options{}, errors.New("--early-muxer must be on or off")
	}
	if *lan != "on" && *lan != "off" {
		return options{}, errors.New("--mdns must be on or off")
	}
	if *kad != "off" && *kad != "server" && *kad != "client" {
		return options{}, errors.New("--kad must be off, server or client")
	}
	if *relays != "off" && *relays != "on" && *relays != "limited" {
		return options{}, errors.New("--relay must be off, on or limited")
	}
	if *punches != "on" && *punches != "off" {
		return options{}, errors.New("--dcutr must be on or off")
	}
	if len(listen) == 0 {
		listen = stringList{anyPort}
	}
	return options{
		listen:     listen,
		keyType:    *keyType,
		earlyMuxer: *early == "on",
		agent:      *agent,
		mdns:       *lan == "on",
		kad:        *kad,
		relay:      *relays,
		dcutr:      *punches == "on",
	}, nil
}

// output writes one JSON object a line; every line is one write, so that
// concurrent answers do not mix and nothing waits in a buffer.
type output struct {
	mu sync.Mutex
	w  io.Writer
}

func (o *output) line(value any) {
	text, err := json.Marshal(value)
	if err != nil {
		fmt.Fprintln(os.Stderr, "go-peer: cannot encode an answer:", err)
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.w.Write(append(text, '\n'))
}

func libp2pVersion() string {
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, dep := range info.Deps {
			if dep.Path == libp2pModule {
				return dep.Version
			}
		}
	}
	return "unknown"
}

func main() {
	opts, err := parseOptions(os.Args[1:])
	if err != nil {
		fmt.Fprintln(os.Stderr, "go-peer:", err)
		os.Exit(2)
	}
	node, err := newNode(opts)
	if err != nil {
		fmt.Fprintln(os.Stderr, "go-peer:", err)
		os.Exit(1)
	}

	out := &output{w: os.Stdout}
	addrs, err := node.host.Network().InterfaceListenAddresses()
	if err != nil {
		fmt.Fprintln(os.Stderr, "go-peer:", err)
		os.Exit(1)
	}
	// By that nobody is reached.
	addrs = slices.DeleteFunc(addrs, isCircuit)
	out.line(map[string]any{
		"event":      "ready",
		"impl":       "go",
		"version":    libp2pVersion(),
		"id":         node.host.ID().String(),
		"addrs":      multiaddrStrings(addrs),
		"earlyMuxer": opts.earlyMuxer,
	})

	input := bufio.NewReader(os.Stdin)
	for {
		line, err := input.ReadBytes('\n')
		if text := strings.TrimSpace(string(line)); text != "" {
			go answer(node, out, []byte(text))
		}
		if err != nil {
			// The parent closed the pipe or died: the peer must not outlive it.
			os.Exit(0)
		}
	}
}

func answer(node *node, out *output, line []byte) {
	var cmd command
	if err := json.Unmarshal(line, &cmd); err != nil {
		out.line(map[string]any{"n": cmd.N, "ok": false, "error": "bad command: " + err.Error()})
		return
	}
	result, err := node.run(cmd)
	if err != nil {
		out.line(map[string]any{"n": cmd.N, "ok": false, "error": err.Error()})
		return
	}
	if result == nil {
		result = map[string]any{}
	}
	result["n"] = cmd.N
	result["ok"] = true
	out.line(result)
}
