//! The swarm, and what commands ask of it.

use std::collections::{HashMap, HashSet};
use std::future::Future;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail};
use futures::StreamExt;
use libp2p::core::transport::ListenerId;
use libp2p::identity::Keypair;
use libp2p::kad::{Event::OutboundQueryProgressed, QueryId, QueryResult};
use libp2p::multiaddr::Protocol;
use libp2p::swarm::behaviour::toggle::Toggle;
use libp2p::swarm::dial_opts::DialOpts;
use libp2p::swarm::{ConnectionId, NetworkBehaviour, SwarmEvent};
use libp2p::{
    Multiaddr, PeerId, Swarm, SwarmBuilder, dcutr, identify, mdns, noise, ping, relay, tcp, yamux,
};
use rsa::pkcs8::EncodePrivateKey;
use tokio::sync::{mpsc, oneshot};

use crate::circuit::{self, Granted, Paths, Place, Places};
use crate::streams::{self, Control};
use crate::{Options, kad, serve};

/// As good as never: nothing may happen on its own between two commands.
const NEVER: Duration = Duration::from_secs(365 * 24 * 3600);

/// The most that yamux takes with its receive window of 1 GiB a connection.
const MAX_STREAMS: usize = 4096;

/// How long a listener that reported one address may take to report the rest.
const MORE_ADDRESSES: Duration = Duration::from_millis(50);

const STOPPED: &str = "the node has stopped";
const NO_KAD: &str = "this peer takes no part in a DHT";

#[derive(NetworkBehaviour)]
struct Behaviour {
    identify: identify::Behaviour,
    ping: ping::Behaviour,
    streams: streams::Behaviour,
    mdns: Toggle<mdns::tokio::Behaviour>,
    kad: Toggle<kad::Behaviour>,
    relay: Toggle<relay::Behaviour>,
    places: relay::client::Behaviour,
    dcutr: Toggle<dcutr::Behaviour>,
}

type Use<T> = Box<dyn FnOnce(&mut kad::Behaviour) -> T + Send>;

/// A question to the DHT, and all that came in answer.
type Answers = oneshot::Sender<Result<Vec<QueryResult>>>;

enum Request {
    Dial(Multiaddr, oneshot::Sender<Result<PeerId>>),
    Disconnect(PeerId, oneshot::Sender<()>),
    Peers(oneshot::Sender<Vec<PeerId>>),
    Reserve(Multiaddr, Granted),
    Paths(PeerId, oneshot::Sender<Vec<Multiaddr>>),
    Kad(Use<()>),
    Query(Use<Result<QueryId>>, Answers),
}

/// The addresses that mDNS found, of each peer.
type Found = Arc<Mutex<HashMap<PeerId, HashSet<Multiaddr>>>>;

type Identified = Arc<Mutex<HashMap<PeerId, identify::Info>>>;

/// The handle of a running node.
pub struct Node {
    pub id: PeerId,
    pub streams: Control,
    identified: Identified,
    found: Found,
    requests: mpsc::UnboundedSender<Request>,
}

impl Node {
    pub async fn dial(&self, addr: Multiaddr) -> Result<PeerId> {
        self.ask(|reply| Request::Dial(addr, reply)).await?
    }

    pub async fn disconnect(&self, peer: PeerId) -> Result<()> {
        self.ask(|reply| Request::Disconnect(peer, reply)).await
    }

    pub async fn peers(&self) -> Result<Vec<PeerId>> {
        self.ask(Request::Peers).await
    }

    /// Takes a place at the relay.
    pub async fn reserve(&self, relay: Multiaddr) -> Result<Place> {
        self.ask(|reply| Request::Reserve(relay, reply)).await?
    }

    /// At which addresses the peer is connected.
    pub async fn paths(&self, peer: PeerId) -> Result<Vec<Multiaddr>> {
        self.ask(|reply| Request::Paths(peer, reply)).await
    }

    /// What the peer told last, while it is connected.
    pub fn identified(&self, peer: &PeerId) -> Option<identify::Info> {
        let identified = self.identified.lock().expect("no holder panics");
        identified.get(peer).cloned()
    }

    pub fn found(&self, peer: &PeerId) -> Vec<Multiaddr> {
        let found = self.found.lock().expect("no holder panics");
        found.get(peer).into_iter().flatten().cloned().collect()
    }

    /// Does something with the node of the DHT.
    pub async fn kad<T: Send + 'static>(
        &self,
        deed: impl FnOnce(&mut kad::Behaviour) -> T + Send + 'static,
    ) -> Result<T> {
        let (reply, answer) = oneshot::channel();
        let deed = Box::new(move |kad: &mut kad::Behaviour| drop(reply.send(deed(kad))));
        self.requests
            .send(Request::Kad(deed))
            .ok()
            .context(STOPPED)?;
        answer.await.context(NO_KAD)
    }

    /// Asks the DHT something; gives the results, each being a part of the answer.
    pub async fn query(
        &self,
        begin: impl FnOnce(&mut kad::Behaviour) -> Result<QueryId> + Send + 'static,
    ) -> Result<Vec<QueryResult>> {
        self.ask(|reply| Request::Query(Box::new(begin), reply))
            .await
            .context(NO_KAD)?
    }

    async fn ask<T>(&self, request: impl FnOnce(oneshot::Sender<T>) -> Request) -> Result<T> {
        let (reply, answer) = oneshot::channel();
        self.requests.send(request(reply)).ok().context(STOPPED)?;
        Ok(answer.await?)
    }
}

/// Starts a node; gives its handle, the loop that must run for it to live, and
/// its addresses.
pub async fn start(
    options: &Options,
) -> Result<(Node, impl Future<Output = Result<()>> + use<>, Vec<String>)> {
    let (streams, control, inbound) = streams::Behaviour::new();
    serve::start(&control, inbound);
    let mut swarm = swarm(options, streams)?;

    let mut silent = HashSet::new();
    for addr in &options.listen {
        silent.insert(swarm.listen_on(addr.parse()?)?);
    }
    let addrs = wait_for_addresses(&mut swarm, silent).await?;
    if options.kad != "off" || options.relay != "off" {
        for addr in &addrs {
            // Provider records and reservations hold no others.
            swarm.add_external_address(addr.parse()?);
        }
    }

    let (requests, asked) = mpsc::unbounded_channel();
    let node = Node {
        id: *swarm.local_peer_id(),
        streams: control,
        identified: Identified::default(),
        found: Found::default(),
        requests,
    };
    let swarm_loop = run(swarm, asked, node.identified.clone(), node.found.clone());
    Ok((node, swarm_loop, addrs))
}

fn swarm(options: &Options, streams: streams::Behaviour) -> Result<Swarm<Behaviour>> {
    let agent = options.agent.clone();
    let key = new_key(&options.key_type)?;
    let mdns = options
        .mdns
        .then(|| mdns::Behaviour::new(mdns::Config::default(), key.public().to_peer_id()))
        .transpose()?
        .into();
    let kad = kad::behaviour(key.public().to_peer_id(), &options.kad)?.into();
    let relays = options.relay != "off";
    let relay = relays
        .then(|| circuit::generous(options.relay == "limited"))
        .map(|config| relay::Behaviour::new(key.public().to_peer_id(), config))
        .into();
    let dcutr = options
        .dcutr
        .then(|| dcutr::Behaviour::new(key.public().to_peer_id()))
        .into();
    let swarm = SwarmBuilder::with_existing_identity(key)
        .with_tokio()
        .with_tcp(
            tcp::Config::default().nodelay(true),
            noise::Config::new,
            many_streams,
        )?
        .with_quic_config(|mut config| {
            config.max_concurrent_stream_limit = MAX_STREAMS as u32;
            config
        })
        .with_relay_client(noise::Config::new, many_streams)?
        .with_behaviour(|key, places| Behaviour {
            // Without a signed record: the one that it would send has a form of
            // its own, at which js-libp2p drops all that identify told.
            identify: identify::Behaviour::new(
                identify::Config::new("ipfs/0.1.0".into(), key.public())
                    .with_agent_version(agent)
                    // A dial is about the address that it names, not about those learnt earlier.
                    .with_cache_size(0)
                    .with_interval(NEVER),
            ),
            // Serves pings; the command opens streams of its own.
            ping: ping::Behaviour::new(ping::Config::new().with_interval(NEVER)),
            streams,
            mdns,
            kad,
            relay,
            places,
            dcutr,
        })?
        .with_swarm_config(|config| {
            config
                .with_idle_connection_timeout(NEVER)
                .with_max_negotiating_inbound_streams(MAX_STREAMS)
        })
        .build();
    Ok(swarm)
}

fn many_streams() -> yamux::Config {
    let mut config = yamux::Config::default();
    config.set_max_num_streams(MAX_STREAMS);
    config
}

fn new_key(key_type: &str) -> Result<Keypair> {
    Ok(match key_type {
        "ed25519" => Keypair::generate_ed25519(),
        "secp256k1" => Keypair::generate_secp256k1(),
        "ecdsa" => Keypair::generate_ecdsa(),
        "rsa" => {
            let key = rsa::RsaPrivateKey::new(&mut rand::rngs::OsRng, 2048)?;
            let mut der = key.to_pkcs8_der()?.as_bytes().to_vec();
            Keypair::rsa_from_pkcs8(&mut der)?
        }
        _ => bail!("unknown key type {key_type}"),
    })
}

async fn wait_for_addresses(
    swarm: &mut Swarm<Behaviour>,
    mut silent: HashSet<ListenerId>,
) -> Result<Vec<String>> {
    let mut addrs = Vec::new();
    loop {
        let wait = if silent.is_empty() {
            MORE_ADDRESSES
        } else {
            NEVER
        };
        match tokio::time::timeout(wait, swarm.select_next_some()).await {
            Ok(SwarmEvent::NewListenAddr {
                listener_id,
                address,
            }) => {
                silent.remove(&listener_id);
                addrs.push(address.to_string());
            }
            Ok(SwarmEvent::ListenerClosed { reason, .. }) => reason?,
            Ok(_) => {}
            Err(_) => return Ok(addrs),
        }
    }
}

async fn run(
    mut swarm: Swarm<Behaviour>,
    mut requests: mpsc::UnboundedReceiver<Request>,
    identified: Identified,
    found: Found,
) -> Result<()> {
    let mut dials: HashMap<ConnectionId, oneshot::Sender<Result<PeerId>>> = HashMap::new();
    let mut leaving: HashMap<PeerId, Vec<oneshot::Sender<()>>> = HashMap::new();
    let mut queries: HashMap<QueryId, (Vec<QueryResult>, Answers)> = HashMap::new();
    let mut places = Places::default();
    let mut paths = Paths::default();
    loop {
        tokio::select! {
            request = requests.recv() => match request {
                None => return Ok(()),
                Some(Request::Dial(addr, reply)) => dial(&mut swarm, addr, reply, &mut dials),
                Some(Request::Peers(reply)) => {
                    let _ = reply.send(swarm.connected_peers().copied().collect());
                }
                Some(Request::Reserve(relay, reply)) => {
                    match swarm.listen_on(Places::listen_addr(&relay)) {
                        Ok(listener) => places.want(listener, &relay, reply),
                        Err(error) => drop(reply.send(Err(error.into()))),
                    }
                }
                Some(Request::Paths(peer, reply)) => drop(reply.send(paths.of(&peer))),
                // Without a node, whoever asks finds the channel closed.
                Some(Request::Kad(deed)) => {
                    if let Some(kad) = swarm.behaviour_mut().kad.as_mut() {
                        deed(kad);
                    }
                }
                Some(Request::Query(begin, reply)) => {
                    match swarm.behaviour_mut().kad.as_mut().map(begin) {
                        Some(Ok(id)) => drop(queries.insert(id, (Vec::new(), reply))),
                        Some(Err(error)) => drop(reply.send(Err(error))),
                        None => {}
                    }
                }
                Some(Request::Disconnect(peer, reply)) => {
                    if swarm.disconnect_peer_id(peer).is_ok() {
                        leaving.entry(peer).or_default().push(reply);
                    } else {
                        // It was not connected: there is nothing to wait for.
                        let _ = reply.send(());
                    }
                }
            },
            event = swarm.select_next_some() => match event {
                SwarmEvent::ConnectionEstablished { peer_id, connection_id, endpoint, .. } => {
                    paths.opened(peer_id, connection_id, &endpoint);
                    if let Some(reply) = dials.remove(&connection_id) {
                        let _ = reply.send(Ok(peer_id));
                    }
                }
                SwarmEvent::OutgoingConnectionError { connection_id, error, .. } => {
                    if let Some(reply) = dials.remove(&connection_id) {
                        let _ = reply.send(Err(error.into()));
                    }
                }
                SwarmEvent::ConnectionClosed { peer_id, connection_id, num_established, .. } => {
                    paths.closed(&peer_id, &connection_id);
                    if num_established == 0 {
                        identified.lock().expect("no holder panics").remove(&peer_id);
                        for reply in leaving.remove(&peer_id).unwrap_or_default() {
                            let _ = reply.send(());
                        }
                    }
                }
                SwarmEvent::NewListenAddr { listener_id, address } => {
                    places.listening(listener_id, address);
                }
                SwarmEvent::ListenerClosed { listener_id, reason, .. } => {
                    places.closed(listener_id, reason);
                }
                SwarmEvent::Behaviour(BehaviourEvent::Places(event)) => places.told(event),
                // Both the first exchange and every push.
                SwarmEvent::Behaviour(BehaviourEvent::Identify(identify::Event::Received {
                    peer_id, info, ..
                })) => {
                    if let Some(kad) = swarm.behaviour_mut().kad.as_mut() {
                        kad::identified(kad, &peer_id, &info);
                    }
                    if swarm.is_connected(&peer_id) {
                        identified.lock().expect("no holder panics").insert(peer_id, info);
                    }
                }
                SwarmEvent::Behaviour(BehaviourEvent::Mdns(mdns::Event::Discovered(peers))) => {
                    let mut found = found.lock().expect("no holder panics");
                    for (peer, mut addr) in peers {
                        addr.pop(); // its id
                        found.entry(peer).or_default().insert(addr);
                    }
                }
                SwarmEvent::Behaviour(BehaviourEvent::Kad(OutboundQueryProgressed {
                    id, result, step, ..
                })) => {
                    if let Some((results, _)) = queries.get_mut(&id) {
                        results.push(result);
                    }
                    if step.last && let Some((results, reply)) = queries.remove(&id) {
                        let _ = reply.send(Ok(results));
                    }
                }
                _ => {}
            },
        }
    }
}

fn dial(
    swarm: &mut Swarm<Behaviour>,
    addr: Multiaddr,
    reply: oneshot::Sender<Result<PeerId>>,
    dials: &mut HashMap<ConnectionId, oneshot::Sender<Result<PeerId>>>,
) {
    let Some(Protocol::P2p(peer)) = addr.iter().last() else {
        let _ = reply.send(Err(anyhow!("{addr} does not end in a peer id")));
        return;
    };
    if swarm.is_connected(&peer) {
        let _ = reply.send(Ok(peer));
        return;
    }
    let opts = DialOpts::peer_id(peer).addresses(vec![addr]).build();
    let connection = opts.connection_id();
    match swarm.dial(opts) {
        Ok(()) => drop(dials.insert(connection, reply)),
        Err(error) => drop(reply.send(Err(error.into()))),
    }
}
