// The Kademlia DHT, and what commands ask of it.

import { setTimeout as sleep } from 'node:timers/promises'
import { kadDHT, passthroughMapper } from '@libp2p/kad-dht'
import { peerIdFromString } from '@libp2p/peer-id'
import { multiaddr } from '@multiformats/multiaddr'
import { CID } from 'multiformats/cid'
import * as Digest from 'multiformats/hashes/digest'
import * as raw from 'multiformats/codecs/raw'

const TIMEOUT = 30_000

/** The services for a mode: a node of the DHT, unless it is off. */
export function kadServices (mode) {
  if (mode === 'off') {
    return {}
  }
  return {
    kad: kadDHT({
      clientMode: mode === 'client',
      // It would leave out the addresses of this machine.
      peerInfoMapper: passthroughMapper,
      initialQuerySelfInterval: 10,
      // A busy machine is no reason to give up.
      networkDialTimeout: { minTimeout: TIMEOUT },
      pingNewContactTimeout: { minTimeout: TIMEOUT }
    })
  }
}

export const kadCommands = {
  'kad-join': join,
  'kad-mode': setMode,
  'kad-known': known,
  'kad-find': find,
  'kad-provide': provide,
  'kad-providers': providers,
  'kad-put': put,
  'kad-get': get
}

function service ({ libp2p }) {
  const { kad } = libp2p.services
  if (kad == null) {
    throw new Error('this peer takes no part in a DHT')
  }
  return kad
}

const options = () => ({ signal: AbortSignal.timeout(TIMEOUT) })
const bytes = text => Buffer.from(text, 'base64')
const cid = key => CID.createV1(raw.code, Digest.decode(bytes(key)))

/** Goes through all that happens in a query, and gives the events of this name. */
async function events (query, name) {
  const named = []
  for await (const event of query) {
    if (event.name === name) {
      named.push(event)
    }
  }
  return named
}

/** Connects to the peer at the address, and looks for those around the node when the peer has been taken in. */
async function join (node, { addr }) {
  const kad = service(node)
  const { signal } = options()
  const { remotePeer } = await node.libp2p.dial(multiaddr(addr), { signal })
  while (await kad.routingTable.find(remotePeer) == null) {
    await sleep(5, undefined, { signal })
  }
  await events(kad.getClosestPeers(node.libp2p.peerId.toMultihash().bytes, { signal }))
}

async function setMode (node, { mode }) {
  await service(node).setMode(mode)
}

async function known (node, { peer }) {
  return { tables: await service(node).routingTable.find(peerIdFromString(peer)) == null ? 0 : 1 }
}

async function find (node, { peer }) {
  const found = await events(service(node).findPeer(peerIdFromString(peer), options()), 'FINAL_PEER')
  return { addrs: addresses(found[0].peer) }
}

async function provide (node, { key }) {
  await events(service(node).provide(cid(key), options()))
}

async function providers (node, { key }) {
  const found = await events(service(node).findProviders(cid(key), options()), 'PROVIDER')
  const all = found.flatMap(({ providers }) => providers)
  return { providers: Object.fromEntries(all.map(provider => [provider.id.toString(), addresses(provider)])) }
}

async function put (node, { key, value }) {
  const answers = await events(service(node).put(bytes(key), bytes(value), options()), 'PEER_RESPONSE')
  if (!answers.some(({ messageName }) => messageName === 'PUT_VALUE')) {
    throw new Error('nobody keeps the value')
  }
}

async function get (node, { key }) {
  const found = await events(service(node).get(bytes(key), options()), 'VALUE')
  if (found.length === 0) {
    throw new Error('there is no such record')
  }
  return { value: Buffer.from(found[found.length - 1].value).toString('base64') }
}

const addresses = peer => peer.multiaddrs.map(addr => addr.toString())
