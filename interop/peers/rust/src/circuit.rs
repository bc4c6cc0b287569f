//! Relays: being one, and having places at others.

use std::collections::HashMap;
use std::time::Duration;

use anyhow::{Context, Result, anyhow};
use libp2p::core::ConnectedPoint;
use libp2p::core::transport::ListenerId;
use libp2p::multiaddr::Protocol;
use libp2p::relay::{self, client};
use libp2p::swarm::ConnectionId;
use libp2p::{Multiaddr, PeerId};
use tokio::sync::oneshot;

/// What a limited relay lets pass through each circuit.
const CIRCUIT_TIME: Duration = Duration::from_secs(5);
const CIRCUIT_BYTES: u64 = 128 << 10;

/// A relay that grants whatever it is asked for: benches hold thousands of
/// places from one address.
pub fn generous(limited: bool) -> relay::Config {
    let (time, bytes) = if limited {
        (CIRCUIT_TIME, CIRCUIT_BYTES)
    } else {
        (Duration::from_secs(u32::MAX.into()), u64::MAX)
    };
    relay::Config {
        max_reservations: usize::MAX,
        max_reservations_per_peer: usize::MAX,
        reservation_rate_limiters: Vec::new(),
        max_circuits: usize::MAX,
        max_circuits_per_peer: usize::MAX,
        max_circuit_duration: time,
        max_circuit_bytes: bytes,
        circuit_src_rate_limiters: Vec::new(),
        ..relay::Config::default()
    }
}

/// A place at a relay.
#[derive(Default)]
pub struct Place {
    pub addrs: Vec<Multiaddr>,
    pub limit_seconds: u64,
    pub limit_bytes: u64,
}

pub type Granted = oneshot::Sender<Result<Place>>;

/// A place that was asked for. What is told of it comes in pieces.
struct Wanted {
    relay: PeerId,
    accepted: bool,
    place: Place,
    reply: Granted,
}

/// The places that were asked for and are not there yet.
#[derive(Default)]
pub struct Places(HashMap<ListenerId, Wanted>);

impl Places {
    /// Where to listen for a place at the relay of this address.
    pub fn listen_addr(relay: &Multiaddr) -> Multiaddr {
        relay.clone().with(Protocol::P2pCircuit)
    }

    pub fn want(&mut self, listener: ListenerId, relay: &Multiaddr, reply: Granted) {
        let Some(Protocol::P2p(relay)) = relay.iter().last() else {
            let _ = reply.send(Err(anyhow!("{relay} does not end in a peer id")));
            return;
        };
        let place = Place::default();
        let wanted = Wanted {
            relay,
            accepted: false,
            place,
            reply,
        };
        self.0.insert(listener, wanted);
    }

    pub fn told(&mut self, event: client::Event) {
        if let client::Event::ReservationReqAccepted {
            relay_peer_id,
            limit,
            ..
        } = event
        {
            let of_relay = |(_, wanted): &(_, &mut Wanted)| wanted.relay == relay_peer_id;
            let Some((&listener, wanted)) = self.0.iter_mut().find(of_relay) else {
                return;
            };
            wanted.accepted = true;
            if let Some(limit) = limit {
                wanted.place.limit_seconds = limit.duration().unwrap_or_default().as_secs();
                wanted.place.limit_bytes = limit.data_in_bytes().unwrap_or_default();
            }
            self.grant(listener);
        }
    }

    pub fn listening(&mut self, listener: ListenerId, addr: Multiaddr) {
        if let Some(wanted) = self.0.get_mut(&listener) {
            wanted.place.addrs.push(addr);
            self.grant(listener);
        }
    }

    fn grant(&mut self, listener: ListenerId) {
        let is_whole = |wanted: &Wanted| wanted.accepted && !wanted.place.addrs.is_empty();
        if self.0.get(&listener).is_some_and(is_whole)
            && let Some(wanted) = self.0.remove(&listener)
        {
            let _ = wanted.reply.send(Ok(wanted.place));
        }
    }

    pub fn closed(&mut self, listener: ListenerId, reason: std::io::Result<()>) {
        if let Some(wanted) = self.0.remove(&listener) {
            let why = reason.err().map_or(anyhow!("it is over"), Into::into);
            let refused = Err(why).context("the relay gave no place");
            let _ = wanted.reply.send(refused);
        }
    }
}

/// At which addresses others are connected.
#[derive(Default)]
pub struct Paths(HashMap<PeerId, HashMap<ConnectionId, Multiaddr>>);

impl Paths {
    pub fn of(&self, peer: &PeerId) -> Vec<Multiaddr> {
        let paths = self.0.get(peer);
        paths
            .into_iter()
            .flat_map(HashMap::values)
            .cloned()
            .collect()
    }

    pub fn opened(&mut self, peer: PeerId, connection: ConnectionId, end: &ConnectedPoint) {
        let addr = match end {
            // The other address is then the bare id of the peer.
            ConnectedPoint::Listener { local_addr, .. } if end.is_relayed() => local_addr,
            _ => end.get_remote_address(),
        };
        let paths = self.0.entry(peer).or_default();
        paths.insert(connection, addr.clone());
    }

    pub fn closed(&mut self, peer: &PeerId, connection: &ConnectionId) {
        if let Some(paths) = self.0.get_mut(peer) {
            paths.remove(connection);
            if paths.is_empty() {
                self.0.remove(peer);
            }
        }
    }
}
