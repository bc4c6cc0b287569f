// The libp2p node, and what identify told it about each peer.

import { quic } from '@chainsafe/libp2p-quic'
import { generateKeyPair } from '@libp2p/crypto/keys'
import { identify, identifyPush } from '@libp2p/identify'
import { mdns } from '@libp2p/mdns'
import { noise } from '@libp2p/noise'
import { ping } from '@libp2p/ping'
import { tcp } from '@libp2p/tcp'
import { yamux } from '@libp2p/yamux'
import { createLibp2p } from 'libp2p'
import { kadServices } from './kad.js'
import { serve } from './serve.js'

// Tests open thousands of streams and must never meet a local limit.
export const UNLIMITED = 1_000_000
export const streamLimits = { maxInboundStreams: UNLIMITED, maxOutboundStreams: UNLIMITED }

// Room for each of these is made beforehand.
const MAX_QUIC_STREAMS = 4096

// The longest that a timer can wait.
const NEVER = 2 ** 31 - 1

const NEGOTIATION_TIMEOUT = 60_000
const DIAL_TIMEOUT = 30_000

// js-libp2p makes ECDSA keys, but no peer ids of them.
const KEY_TYPES = { ed25519: 'Ed25519', secp256k1: 'secp256k1', rsa: 'RSA' }

export async function createNode (options) {
  const keyType = KEY_TYPES[options.keyType]
  if (keyType == null) {
    throw new Error(`js-libp2p has no peer ids of key type ${options.keyType}`)
  }
  const privateKey = keyType === 'RSA'
    ? await generateKeyPair('RSA', 2048)
    : await generateKeyPair(keyType)

  const libp2p = await createLibp2p({
    privateKey,
    nodeInfo: { userAgent: options.agent },
    addresses: { listen: options.listen },
    transports: transports(),
    connectionEncrypters: [security(options.earlyMuxer)],
    streamMuxers: [yamux({
      ...streamLimits,
      maxEarlyStreams: UNLIMITED,
      streamOptions: {
        inactivityTimeout: NEVER,
        // More than the largest window, so that a paused stream is held back
        // and not reset.
        maxReadBufferLength: 64 << 20
      }
    })],
    peerDiscovery: options.mdns ? [mdns()] : [],
    // It is heard before it starts to look.
    start: false,
    connectionGater: {},
    connectionMonitor: { enabled: false },
    connectionManager: {
      maxConnections: UNLIMITED,
      maxIncomingPendingConnections: UNLIMITED,
      inboundConnectionThreshold: UNLIMITED,
      dialTimeout: DIAL_TIMEOUT,
      inboundStreamProtocolNegotiationTimeout: NEGOTIATION_TIMEOUT,
      outboundStreamProtocolNegotiationTimeout: NEGOTIATION_TIMEOUT
    },
    services: {
      identify: identify(streamLimits),
      identifyPush: identifyPush({ ...streamLimits, debounce: 10 }),
      ping: ping(streamLimits),
      ...kadServices(options.kad)
    }
  })

  const identified = new Map()
  libp2p.addEventListener('peer:identify', ({ detail }) => {
    const id = detail.peerId.toString()
    // A push need not repeat everything.
    const known = identified.get(id) ?? {}
    const told = Object.entries(detail).filter(([, value]) => value != null)
    identified.set(id, { ...known, ...Object.fromEntries(told) })
  })
  libp2p.addEventListener('peer:disconnect', ({ detail }) => identified.delete(detail.toString()))

  const found = new Map()
  libp2p.addEventListener('peer:discovery', ({ detail }) => {
    found.set(detail.id.toString(), detail.multiaddrs.map(addr => addr.toString()))
  })

  await serve(libp2p)
  await libp2p.start()
  return { libp2p, identified, found }
}

function transports () {
  return [
    // No socket is closed for being idle.
    tcp({ inboundSocketInactivityTimeout: 0, outboundSocketInactivityTimeout: 0 }),
    quic({ maxConcurrentStreamLimit: MAX_QUIC_STREAMS })
  ]
}

function security (earlyMuxer) {
  if (earlyMuxer) {
    return noise()
  }
  // Noise lists no muxer when it is told that none is negotiated with it, and
  // both sides fall back to multistream-select.
  return components => {
    const encrypter = noise()(components)
    const without = options => ({ ...options, skipStreamMuxerNegotiation: true })
    return {
      protocol: encrypter.protocol,
      secureInbound: (stream, options) => encrypter.secureInbound(stream, without(options)),
      secureOutbound: (stream, options) => encrypter.secureOutbound(stream, without(options))
    }
  }
}
