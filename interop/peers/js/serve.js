// The protocols that every peer serves. A handler that throws makes libp2p
// reset the stream.

import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { Reader, fromUint64, write, writeZeros } from './bytes.js'
import { streamLimits } from './node.js'

export const ECHO = '/warren-interop/echo/1.0.0'
export const HASH = '/warren-interop/hash/1.0.0'
export const RESET = '/warren-interop/reset/1.0.0'
export const SLOW = '/warren-interop/slow/1.0.0'
export const PERF = '/perf/1.0.0'

export async function serve (libp2p) {
  await libp2p.handle(ECHO, serveEcho, streamLimits)
  await libp2p.handle(HASH, serveHash, streamLimits)
  await libp2p.handle(RESET, serveReset, streamLimits)
  await libp2p.handle(SLOW, serveSlow, streamLimits)
  await libp2p.handle(PERF, servePerf, streamLimits)
}

export async function serveEcho (stream) {
  await new Reader(stream).forEach(chunk => write(stream, chunk))
  await stream.close()
}

async function serveHash (stream) {
  await answerHash(stream, new Reader(stream))
}

async function answerHash (stream, reader) {
  const hash = createHash('sha256')
  await reader.forEach(chunk => { hash.update(chunk) })
  await write(stream, hash.digest())
  await stream.close()
}

async function serveReset (stream) {
  await new Reader(stream).readExactly(1)
  stream.abort(new Error('reset on request'))
}

async function serveSlow (stream) {
  const reader = new Reader(stream)
  const pause = fromUint64(await reader.readExactly(8))
  // What arrives meanwhile is queued up to the reader's mark, then the sender
  // is held back.
  await sleep(pause)
  await answerHash(stream, reader)
}

async function servePerf (stream) {
  const reader = new Reader(stream)
  const wanted = fromUint64(await reader.readExactly(8))
  await reader.forEach(() => {})
  await writeZeros(stream, wanted)
  await stream.close()
}
