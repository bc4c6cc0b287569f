// The commands of the driver.

import { createHash, randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { peerIdFromString } from '@libp2p/peer-id'
import { multiaddr } from '@multiformats/multiaddr'
import { CHUNK, Random, Reader, uint64, write, writeZeros } from './bytes.js'
import { kadCommands } from './kad.js'
import { UNLIMITED, streamLimits } from './node.js'
import { ECHO, HASH, PERF, RESET, SLOW, serveEcho } from './serve.js'

const PING = '/ipfs/ping/1.0.0'

const DIAL_TIMEOUT = 30_000
const IDENTIFY_TIMEOUT = 10_000
const PING_TIMEOUT = 10_000

const OTHER_ECHOES = 5
const OTHER_ECHO_BYTES = 1 << 20
// What every yamux sender may send before the first window update.
const INITIAL_WINDOW = 256 << 10

/** Runs one command and gives the fields of its answer. */
export async function runCommand (node, command) {
  const run = COMMANDS[command.cmd]
  if (run == null) {
    throw new Error(`unknown command ${command.cmd}`)
  }
  return run(node, command)
}

const COMMANDS = { dial, found, disconnect, peers, ping, identify, handle, unhandle, knows, echo, hash, streams, churn, reset, slow, perf, ...kadCommands }

const now = () => performance.now() / 1000

async function dial ({ libp2p }, { addr }) {
  const connection = await libp2p.dial(multiaddr(addr), { signal: AbortSignal.timeout(DIAL_TIMEOUT) })
  return { peer: connection.remotePeer.toString() }
}

async function found ({ found }, { peer }) {
  return { addrs: found.get(peer) ?? [] }
}

async function disconnect ({ libp2p }, { peer }) {
  await libp2p.hangUp(peerIdFromString(peer))
}

async function peers ({ libp2p }) {
  return { peers: libp2p.getPeers().map(peer => peer.toString()) }
}

// Others reset what goes beyond 256 streams that they did not acknowledge yet,
// and js-libp2p does not heed that limit itself.
const MAX_OPENING = 128
let opening = 0
const waitingToOpen = []

/** Opens a stream on an existing connection; it never dials. */
async function open ({ libp2p }, peer, protocol) {
  if (opening < MAX_OPENING) {
    opening++
  } else {
    await new Promise(resolve => waitingToOpen.push(resolve))
  }
  try {
    const [connection] = libp2p.getConnections(peerIdFromString(peer))
    if (connection == null) {
      throw new Error(`not connected to ${peer}`)
    }
    return await connection.newStream(protocol, { maxOutboundStreams: UNLIMITED })
  } finally {
    const next = waitingToOpen.shift()
    if (next == null) {
      opening--
    } else {
      // The place goes to the next one.
      next()
    }
  }
}

/** Opens a stream, uses it, and resets it when the use fails. */
async function withStream (node, peer, protocol, use) {
  const stream = await open(node, peer, protocol)
  try {
    return await use(stream, new Reader(stream))
  } catch (err) {
    stream.abort(err)
    throw err
  }
}

async function ping (node, { peer }) {
  return withStream(node, peer, PING, async (stream, reader) => {
    const timer = setTimeout(() => stream.abort(new Error('no pong in time')), PING_TIMEOUT)
    try {
      const sent = randomBytes(32)
      const start = process.hrtime.bigint()
      await write(stream, sent)
      const received = await reader.readExactly(32)
      const micros = Number((process.hrtime.bigint() - start) / 1000n)
      if (!sent.equals(received)) {
        throw new Error('the pong differs from the ping')
      }
      await stream.close()
      return { micros }
    } finally {
      clearTimeout(timer)
    }
  })
}

async function identify ({ libp2p, identified }, { peer }) {
  for (const start = now(); now() - start < IDENTIFY_TIMEOUT / 1000; await sleep(10)) {
    const told = identified.get(peer)
    if (told == null) {
      continue
    }
    return {
      agent: told.agentVersion,
      protocolVersion: told.protocolVersion,
      protocols: (await libp2p.peerStore.get(peerIdFromString(peer))).protocols,
      addrs: told.listenAddrs.map(addr => addr.toString()),
      observed: told.observedAddr?.toString(),
      signedRecord: told.signedPeerRecord != null
    }
  }
  throw new Error(`nothing identified about ${peer}`)
}

async function handle ({ libp2p }, { protocol }) {
  await libp2p.handle(protocol, serveEcho, { ...streamLimits, force: true })
}

async function unhandle ({ libp2p }, { protocol }) {
  await libp2p.unhandle(protocol)
}

async function knows ({ libp2p }, { peer, protocol }) {
  const id = peerIdFromString(peer)
  if (!await libp2p.peerStore.has(id)) {
    return { knows: false }
  }
  return { knows: (await libp2p.peerStore.get(id)).protocols.includes(protocol) }
}

/** Writes pseudo-random bytes and gives their hash. */
async function sendRandom (stream, count, progress) {
  const random = new Random(count)
  const hash = createHash('sha256')
  for (let sent = 0; sent < count;) {
    const chunk = random.chunk(Math.min(CHUNK, count - sent))
    hash.update(chunk)
    sent += chunk.byteLength
    progress?.(sent)
    await write(stream, chunk)
  }
  return hash.digest()
}

/** Runs one echo; the stream stays open until allWritten() is fulfilled. */
async function runEcho (node, peer, count, allWritten) {
  await withStream(node, peer, ECHO, async (stream, reader) => {
    const receive = async () => {
      const hash = createHash('sha256')
      const received = await reader.forEach(chunk => { hash.update(chunk) })
      return { received, back: hash.digest() }
    }
    const send = async () => {
      const sum = await sendRandom(stream, count)
      await allWritten?.()
      await stream.close()
      return sum
    }
    const [sent, { received, back }] = await Promise.all([send(), receive()])
    if (received !== count || !back.equals(sent)) {
      throw new Error(`echo differs: sent ${count} bytes, received ${received}`)
    }
  })
}

async function echo (node, { peer, bytes }) {
  const start = now()
  await runEcho(node, peer, bytes)
  return { bytes, seconds: now() - start }
}

async function hash (node, { peer, bytes }) {
  const start = now()
  await withStream(node, peer, HASH, async (stream, reader) => {
    await finishHash(stream, reader, await sendRandom(stream, bytes))
  })
  return { bytes, seconds: now() - start }
}

/** Half-closes the stream and compares the remote's hash. */
async function finishHash (stream, reader, sum) {
  await stream.close()
  const chunks = []
  await reader.forEach(chunk => { chunks.push(chunk) })
  if (!Buffer.concat(chunks).equals(sum)) {
    throw new Error('hash differs')
  }
}

async function streams (node, { peer, count, bytes }) {
  const start = now()
  // No stream closes before each of them is open and written.
  let missing = count
  const all = Promise.withResolvers()
  const arrive = () => {
    if (--missing === 0) {
      all.resolve()
    }
  }
  await allOf(count, Array.from({ length: count }, async () => {
    let arrived = false
    const once = () => {
      if (!arrived) {
        arrived = true
        arrive()
      }
    }
    try {
      await runEcho(node, peer, bytes, () => {
        once()
        return all.promise
      })
    } finally {
      // A stream that failed must not hold up the others.
      once()
    }
  }))
  return { streams: count, seconds: now() - start }
}

async function churn (node, { peer, count, parallel }) {
  const start = now()
  let left = count
  const worker = async () => {
    while (left-- > 0) {
      await runEcho(node, peer, 32)
    }
  }
  await allOf(count, Array.from({ length: Math.max(1, Math.min(parallel, count)) }, worker))
  return { streams: count, seconds: now() - start }
}

async function allOf (count, work) {
  const failures = (await Promise.allSettled(work)).filter(({ status }) => status === 'rejected')
  if (failures.length > 0) {
    throw new Error(`${failures.length} tasks of ${count} streams failed: ${failures[0].reason}`)
  }
}

async function reset (node, { peer }) {
  await withStream(node, peer, RESET, async (stream, reader) => {
    await write(stream, Uint8Array.of(1))
    try {
      await reader.forEach(() => {})
    } catch (err) {
      if (err.name === 'StreamResetError') {
        return
      }
      throw err
    }
    if (stream.status !== 'reset') {
      throw new Error('the stream ended cleanly, not by a reset')
    }
  })
}

async function slow (node, { peer, bytes, pauseMillis }) {
  const stalled = Promise.withResolvers()
  let start
  let ended = false
  const stall = () => {
    start ??= now()
    stalled.resolve()
  }
  const slowEnd = withStream(node, peer, SLOW, async (stream, reader) => {
    start = now()
    await write(stream, uint64(pauseMillis))
    const sum = await sendRandom(stream, bytes, sent => {
      // This chunk fills the window, or it is the last.
      if (sent >= INITIAL_WINDOW || sent === bytes) {
        stall()
      }
    })
    await finishHash(stream, reader, sum)
    return now() - start
  }).finally(() => {
    ended = true
    stall()
  })
  // It is awaited below; until then a failure is not unhandled.
  slowEnd.catch(() => {})

  await stalled.promise
  const othersStart = now()
  for (let i = 0; i < OTHER_ECHOES; i++) {
    await runEcho(node, peer, OTHER_ECHO_BYTES)
  }
  const othersSeconds = now() - othersStart
  const othersFinishedFirst = !ended
  return { othersSeconds, slowSeconds: await slowEnd, othersFinishedFirst }
}

async function perf (node, { peer, upload, download }) {
  return withStream(node, peer, PERF, async (stream, reader) => {
    const start = now()
    await write(stream, uint64(download))
    await writeZeros(stream, upload)
    await stream.close()
    // The first byte, or the end, says that the server has read everything.
    const first = await reader.read()
    const uploaded = now()
    let received = first?.byteLength ?? 0
    if (first != null) {
      received += await reader.forEach(() => {})
    }
    if (received !== download) {
      throw new Error(`asked for ${download} bytes, got ${received}`)
    }
    return { uploadSeconds: uploaded - start, downloadSeconds: now() - uploaded }
  })
}
