package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/libp2p/go-libp2p/core/network"
	"github.com/libp2p/go-libp2p/core/peer"
	"github.com/libp2p/go-libp2p/core/protocol"
	"github.com/libp2p/go-libp2p/p2p/net/swarm"
	"github.com/libp2p/go-libp2p/p2p/protocol/ping"
)

const (
	dialTimeout     = 30 * time.Second
	identifyTimeout = 10 * time.Second
	pingTimeout     = 10 * time.Second

	otherEchoes    = 5
	otherEchoBytes = 1 << 20
	// What every yamux sender may send before the first window update.
	initialWindow = 256 << 10
)

type command struct {
	N           int    `json:"n"`
	Cmd         string `json:"cmd"`
	Addr        string `json:"addr"`
	Peer        string `json:"peer"`
	Protocol    string `json:"protocol"`
	Bytes       int64  `json:"bytes"`
	Count       int    `json:"count"`
	Parallel    int    `json:"parallel"`
	PauseMillis uint64 `json:"pauseMillis"`
	Upload      uint64 `json:"upload"`
	Download    uint64 `json:"download"`
	Member      int    `json:"member"`
	Mode        string `json:"mode"`
	Key         []byte `json:"key"`
	Value       []byte `json:"value"`
}

type result = map[string]any

func (n *node) run(cmd command) (result, error) {
	if strings.HasPrefix(cmd.Cmd, "kad-") {
		return n.kad.run(cmd)
	}
	switch cmd.Cmd {
	case "dial":
		return n.dial(cmd.Addr)
	case "peers":
		ids := []string{}
		for _, id := range n.host.Network().Peers() {
			ids = append(ids, id.String())
		}
		return result{"peers": ids}, nil
	case "relay-reserve":
		return n.reserve(cmd.Addr)
	case "autonat-serve":
		return nil, n.serveAutonat()
	case "handle":
		n.host.SetStreamHandler(protocol.ID(cmd.Protocol), serving(serveEcho))
		return nil, nil
	case "unhandle":
		n.host.RemoveStreamHandler(protocol.ID(cmd.Protocol))
		return nil, nil
	}

	id, err := peer.Decode(cmd.Peer)
	if err != nil {
		return nil, fmt.Errorf("bad peer id %q: %w", cmd.Peer, err)
	}
	switch cmd.Cmd {
	case "disconnect":
		return nil, n.host.Network().ClosePeer(id)
	case "paths":
		return n.paths(id), nil
	case "found":
		n.mu.Lock()
		defer n.mu.Unlock()
		return result{"addrs": multiaddrStrings(n.found[id])}, nil
	case "ping":
		return n.ping(id)
	case "identify":
		return n.identify(id)
	case "autonat-1", "autonat-2":
		return n.askAutonat(cmd.Cmd, id, cmd.Addr)
	case "knows":
		known, err := n.host.Peerstore().SupportsProtocols(id, protocol.ID(cmd.Protocol))
		return result{"knows": len(known) > 0}, err
	case "echo":
		start := time.Now()
		if err := n.echo(id, cmd.Bytes, nil); err != nil {
			return nil, err
		}
		return result{"bytes": cmd.Bytes, "seconds": since(start)}, nil
	case "hash":
		start := time.Now()
		if err := n.hash(id, cmd.Bytes); err != nil {
			return nil, err
		}
		return result{"bytes": cmd.Bytes, "seconds": since(start)}, nil
	case "streams":
		return n.streams(id, cmd.Count, cmd.Bytes)
	case "churn":
		return n.churn(id, cmd.Count, cmd.Parallel)
	case "reset":
		return nil, n.reset(id)
	case "slow":
		return n.slow(id, cmd.Bytes, cmd.PauseMillis)
	case "perf":
		return n.perf(id, cmd.Upload, cmd.Download)
	}
	return nil, fmt.Errorf("unknown command %q", cmd.Cmd)
}

func since(start time.Time) float64 { return time.Since(start).Seconds() }

func (n *node) dial(addr string) (result, error) {
	info, err := peer.AddrInfoFromString(addr)
	if err != nil {
		return nil, err
	}
	// The command is about exactly this address and about now: forget earlier
	// failures and addresses learnt elsewhere.
	n.host.Network().(*swarm.Swarm).Backoff().Clear(info.ID)
	if n.host.Network().Connectedness(info.ID) != network.Connected {
		n.host.Peerstore().ClearAddrs(info.ID)
	}
	ctx, cancel := context.WithTimeout(context.Background(), dialTimeout)
	defer cancel()
	if err := n.host.Connect(limited(ctx), *info); err != nil {
		return nil, err
	}
	return result{"peer": info.ID.String()}, nil
}

func (n *node) ping(id peer.ID) (result, error) {
	if len(n.host.Network().ConnsToPeer(id)) == 0 {
		return nil, fmt.Errorf("not connected to %s", id)
	}
	ctx, cancel := context.WithTimeout(context.Background(), pingTimeout)
	defer cancel()
	pong := <-ping.Ping(limited(ctx), n.host, id)
	if pong.Error != nil {
		return nil, pong.Error
	}
	return result{"micros": pong.RTT.Microseconds()}, nil
}

// identify answers with what was learnt on a connection that still is open;
// an entry of an earlier connection may be out of date.
func (n *node) identify(id peer.ID) (result, error) {
	for deadline := time.Now().Add(identifyTimeout); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		n.mu.Lock()
		known, ok := n.identified[id]
		n.mu.Unlock()
		if !ok || known.Conn.IsClosed() {
			continue
		}
		// The peerstore, unlike the event, follows later pushes.
		protocols, err := n.host.Peerstore().GetProtocols(id)
		if err != nil {
			return nil, err
		}
		answer := result{
			"agent":           known.AgentVersion,
			"protocolVersion": known.ProtocolVersion,
			"protocols":       protocols,
			"addrs":           multiaddrStrings(known.ListenAddrs),
			"signedRecord":    known.SignedPeerRecord != nil,
		}
		if known.ObservedAddr != nil {
			answer["observed"] = known.ObservedAddr.String()
		}
		return answer, nil
	}
	return nil, fmt.Errorf("nothing identified about %s", id)
}

// open starts a stream on an existing connection; it never dials.
func (n *node) open(id peer.ID, protocolID protocol.ID) (network.Stream, error) {
	ctx := network.WithNoDial(context.Background(), "commands use what is connected")
	return n.host.NewStream(limited(ctx), id, protocolID)
}

// sendRandom writes count pseudo-random bytes and gives their SHA-256.
// progress, when there is one, is told how many were written so far.
func sendRandom(w io.Writer, count int64, progress func(sent int64)) ([]byte, error) {
	hash := sha256.New()
	random := rand.NewChaCha8([32]byte{byte(count), byte(count >> 8)})
	buffer := make([]byte, min(count, bufferSize))
	for sent := int64(0); sent < count; {
		chunk := buffer[:min(count-sent, bufferSize)]
		random.Read(chunk)
		hash.Write(chunk)
		if _, err := w.Write(chunk); err != nil {
			return nil, err
		}
		sent += int64(len(chunk))
		if progress != nil {
			progress(sent)
		}
	}
	return hash.Sum(nil), nil
}

// echo runs one echo stream. When allWritten is given, the stream stays open
// until it returns.
func (n *node) echo(id peer.ID, count int64, allWritten func()) (err error) {
	var once sync.Once
	arrive := func() {
		if allWritten != nil {
			once.Do(allWritten)
		}
	}
	s, err := n.open(id, echoProtocol)
	if err != nil {
		go arrive() // Let the other streams end.
		return err
	}
	defer closeOrReset(s, &err)

	type received struct {
		count int64
		sum   []byte
		err   error
	}
	done := make(chan received, 1)
	sent := make(chan struct{})
	go func() {
		if count == 0 {
			// Reading before the first write would flush the handshake alone.
			<-sent
		}
		hash := sha256.New()
		got, err := io.CopyBuffer(hash, onlyReader{s}, make([]byte, min(max(count, 1), bufferSize)))
		done <- received{got, hash.Sum(nil), err}
	}()

	sum, err := sendRandom(s, count, nil)
	arrive()
	if err == nil {
		err = s.CloseWrite()
	}
	close(sent)
	if err != nil {
		s.Reset()
		return fmt.Errorf("write: %w", err)
	}
	back := <-done
	if back.err != nil {
		return fmt.Errorf("read after %d of %d bytes: %w", back.count, count, back.err)
	}
	if back.count != count || !bytes.Equal(back.sum, sum) {
		return fmt.Errorf("echo differs: sent %d bytes, received %d", count, back.count)
	}
	return nil
}

// closeOrReset ends a stream as its user fared.
func closeOrReset(s network.Stream, err *error) {
	if *err != nil {
		s.Reset()
	} else {
		s.Close()
	}
}

func (n *node) hash(id peer.ID, count int64) (err error) {
	s, err := n.open(id, hashProtocol)
	if err != nil {
		return err
	}
	defer closeOrReset(s, &err)
	sum, err := sendRandom(s, count, nil)
	if err != nil {
		return err
	}
	return finishHash(s, sum)
}

// finishHash half-closes the stream and compares the remote's hash.
func finishHash(s network.Stream, sum []byte) error {
	if err := s.CloseWrite(); err != nil {
		return err
	}
	theirs, err := io.ReadAll(s)
	if err != nil {
		return err
	}
	if !bytes.Equal(theirs, sum) {
		return fmt.Errorf("hash differs: %x is not %x", theirs, sum)
	}
	return nil
}

func (n *node) streams(id peer.ID, count int, size int64) (result, error) {
	start := time.Now()
	// No stream closes before each of them is open and written.
	var written sync.WaitGroup
	written.Add(count)
	allWritten := func() {
		written.Done()
		written.Wait()
	}
	err := parallel(count, count, func() error { return n.echo(id, size, allWritten) })
	if err != nil {
		return nil, err
	}
	return result{"streams": count, "seconds": since(start)}, nil
}

func (n *node) churn(id peer.ID, count, width int) (result, error) {
	start := time.Now()
	if err := parallel(count, max(width, 1), func() error { return n.echo(id, 32, nil) }); err != nil {
		return nil, err
	}
	return result{"streams": count, "seconds": since(start)}, nil
}

// parallel runs work count times, width at a time, and gives the first error.
func parallel(count, width int, work func() error) error {
	var left atomic.Int64
	left.Store(int64(count))
	failures := make(chan error, count)
	var workers sync.WaitGroup
	for range min(count, width) {
		workers.Go(func() {
			for left.Add(-1) >= 0 {
				if err := work(); err != nil {
					failures <- err
				}
			}
		})
	}
	workers.Wait()
	close(failures)
	if failed := len(failures); failed > 0 {
		return fmt.Errorf("%d of %d streams failed: %w", failed, count, <-failures)
	}
	return nil
}

func (n *node) reset(id peer.ID) error {
	s, err := n.open(id, resetProtocol)
	if err != nil {
		return err
	}
	defer s.Reset()
	if _, err := s.Write([]byte{1}); err != nil {
		return err
	}
	_, err = io.ReadAll(s)
	switch {
	case err == nil:
		return errors.New("the stream ended cleanly, not by a reset")
	case !errors.Is(err, network.ErrReset):
		return fmt.Errorf("not a reset: %w", err)
	}
	return nil
}

func (n *node) slow(id peer.ID, count int64, pauseMillis uint64) (result, error) {
	s, err := n.open(id, slowProtocol)
	if err != nil {
		return nil, err
	}
	start := time.Now()
	stalled := make(chan struct{})
	type ending struct {
		seconds float64
		err     error
	}
	slowEnded := make(chan ending, 1)
	go func() {
		var once sync.Once
		stall := func() { once.Do(func() { close(stalled) }) }
		err := func() (err error) {
			defer closeOrReset(s, &err)
			if _, err := s.Write(binary.BigEndian.AppendUint64(nil, pauseMillis)); err != nil {
				return err
			}
			sum, err := sendRandom(s, count, func(sent int64) {
				// One buffer more than this fills the window.
				if sent+bufferSize >= initialWindow {
					stall()
				}
			})
			if err != nil {
				return err
			}
			stall()
			return finishHash(s, sum)
		}()
		slowEnded <- ending{since(start), err}
		stall()
	}()

	<-stalled
	othersStart := time.Now()
	for range otherEchoes {
		if err := n.echo(id, otherEchoBytes, nil); err != nil {
			s.Reset()
			return nil, fmt.Errorf("echo beside the slow stream: %w", err)
		}
	}
	othersSeconds := since(othersStart)
	othersFirst := len(slowEnded) == 0
	slow := <-slowEnded
	if slow.err != nil {
		return nil, fmt.Errorf("slow stream: %w", slow.err)
	}
	return result{
		"othersSeconds":       othersSeconds,
		"slowSeconds":         slow.seconds,
		"othersFinishedFirst": othersFirst,
	}, nil
}

func (n *node) perf(id peer.ID, upload, download uint64) (_ result, err error) {
	s, err := n.open(id, perfProtocol)
	if err != nil {
		return nil, err
	}
	defer closeOrReset(s, &err)

	start := time.Now()
	if _, err := s.Write(binary.BigEndian.AppendUint64(nil, download)); err != nil {
		return nil, err
	}
	if err := writeZeros(s, upload); err != nil {
		return nil, err
	}
	if err := s.CloseWrite(); err != nil {
		return nil, err
	}

	// The first byte, or the end, says that the server has read everything.
	buffer := make([]byte, bufferSize)
	first, err := s.Read(buffer)
	if err != nil && err != io.EOF {
		return nil, err
	}
	uploaded := time.Now()
	received := uint64(first)
	if err == nil {
		rest, err := io.CopyBuffer(io.Discard, onlyReader{s}, buffer)
		if err != nil {
			return nil, err
		}
		received += uint64(rest)
	}
	if received != download {
		return nil, fmt.Errorf("asked for %d bytes, got %d", download, received)
	}
	return result{
		"uploadSeconds":   uploaded.Sub(start).Seconds(),
		"downloadSeconds": since(uploaded),
	}, nil
}
