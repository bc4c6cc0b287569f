package main

import (
	"crypto/sha256"
	"encoding/binary"
	"io"
	"time"

	"github.com/libp2p/go-libp2p/core/network"
	"github.com/libp2p/go-libp2p/core/protocol"
)

const (
	echoProtocol  protocol.ID = "/warren-interop/echo/1.0.0"
	hashProtocol  protocol.ID = "/warren-interop/hash/1.0.0"
	resetProtocol protocol.ID = "/warren-interop/reset/1.0.0"
	slowProtocol  protocol.ID = "/warren-interop/slow/1.0.0"
	perfProtocol  protocol.ID = "/perf/1.0.0"
)

const bufferSize = 128 << 10

// zeros is what perf sends.
var zeros [bufferSize]byte

func (n *node) serve() {
	handlers := map[protocol.ID]func(network.Stream) error{
		echoProtocol:  serveEcho,
		hashProtocol:  serveHash,
		resetProtocol: serveReset,
		slowProtocol:  serveSlow,
		perfProtocol:  servePerf,
	}
	for id, handler := range handlers {
		n.host.SetStreamHandler(id, serving(handler))
	}
}

// serving closes the stream after a handler that went well and resets it
// after one that did not.
func serving(handler func(network.Stream) error) network.StreamHandler {
	return func(s network.Stream) {
		if err := handler(s); err != nil {
			s.Reset()
			return
		}
		s.Close()
	}
}

func serveEcho(s network.Stream) error {
	_, err := io.CopyBuffer(s, s, make([]byte, bufferSize))
	return err
}

func serveHash(s network.Stream) error {
	hash := sha256.New()
	if _, err := io.CopyBuffer(hash, s, make([]byte, bufferSize)); err != nil {
		return err
	}
	_, err := s.Write(hash.Sum(nil))
	return err
}

func serveReset(s network.Stream) error {
	if _, err := io.ReadFull(s, make([]byte, 1)); err != nil {
		return err
	}
	return s.Reset()
}

func serveSlow(s network.Stream) error {
	var pause [8]byte
	if _, err := io.ReadFull(s, pause[:]); err != nil {
		return err
	}
	time.Sleep(time.Duration(binary.BigEndian.Uint64(pause[:])) * time.Millisecond)
	return serveHash(s)
}

func servePerf(s network.Stream) error {
	var wanted [8]byte
	if _, err := io.ReadFull(s, wanted[:]); err != nil {
		return err
	}
	if _, err := io.CopyBuffer(io.Discard, onlyReader{s}, make([]byte, bufferSize)); err != nil {
		return err
	}
	return writeZeros(s, binary.BigEndian.Uint64(wanted[:]))
}

// onlyReader hides every other method, and so makes io.Copy use the buffer it
// was given.
type onlyReader struct{ io.Reader }

func writeZeros(w io.Writer, count uint64) error {
	for count > 0 {
		n, err := w.Write(zeros[:min(count, bufferSize)])
		if err != nil {
			return err
		}
		count -= uint64(n)
	}
	return nil
}
