// A js-libp2p node that is driven by JSON commands on its standard input.
// ../README.md describes the commands and the protocols.

import './node20.js'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { runCommand } from './commands.js'
import { createNode } from './node.js'

function parseOptions () {
  const { values } = parseArgs({
    options: {
      listen: { type: 'string', multiple: true, default: ['/ip4/127.0.0.1/tcp/0'] },
      'key-type': { type: 'string', default: 'ed25519' },
      'early-muxer': { type: 'string', default: 'on' },
      mdns: { type: 'string', default: 'off' },
      kad: { type: 'string', default: 'off' },
      agent: { type: 'string', default: 'warren-interop-js' }
    }
  })
  if (!['on', 'off'].includes(values['early-muxer'])) {
    throw new Error('--early-muxer must be on or off')
  }
  if (!['on', 'off'].includes(values.mdns)) {
    throw new Error('--mdns must be on or off')
  }
  if (!['off', 'server', 'client'].includes(values.kad)) {
    throw new Error('--kad must be off, server or client')
  }
  return {
    listen: values.listen,
    keyType: values['key-type'],
    earlyMuxer: values['early-muxer'] === 'on',
    mdns: values.mdns === 'on',
    kad: values.kad,
    agent: values.agent
  }
}

/** Writes one JSON object as one line; on a pipe the write is synchronous. */
function printLine (value) {
  process.stdout.write(JSON.stringify(value) + '\n')
}

function libp2pVersion () {
  const manifest = readFileSync(new URL('package.json', import.meta.url), 'utf8')
  return JSON.parse(manifest).dependencies.libp2p
}

async function answer (node, line) {
  let n = 0
  try {
    const command = JSON.parse(line)
    n = command.n
    printLine({ n, ok: true, ...await runCommand(node, command) })
  } catch (err) {
    printLine({ n, ok: false, error: describe(err) })
  }
}

function describe (err) {
  const causes = (err.errors ?? []).map(describe)
  return [`${err.name}: ${err.message}`, ...causes].join('; ')
}

// A failure inside the library must show, but must not end the peer.
process.on('uncaughtException', err => console.error('js-peer: uncaught', err))
process.on('unhandledRejection', err => console.error('js-peer: unhandled', err))

let options
let node
try {
  options = parseOptions()
  node = await createNode(options)
} catch (err) {
  console.error('js-peer:', err.message)
  process.exit(1)
}

printLine({
  event: 'ready',
  impl: 'js',
  version: libp2pVersion(),
  id: node.libp2p.peerId.toString(),
  addrs: node.libp2p.getMultiaddrs().map(addr => addr.toString().replace(/\/p2p\/[^/]+$/, '')),
  earlyMuxer: options.earlyMuxer
})

const lines = createInterface({ input: process.stdin })
lines.on('line', line => {
  if (line.trim() !== '') {
    answer(node, line)
  }
})
// The parent closed the pipe or died: the peer must not outlive it.
lines.on('close', () => process.exit(0))
