//! A behaviour that opens streams for any protocol and hands the inbound ones
//! of a changing set of protocols to one queue.
//!
//! libp2p-stream has the same purpose, but a queue of one inbound stream: it
//! drops streams that arrive faster than they are taken, and tests open a
//! thousand at once.

use std::collections::HashMap;
use std::convert::Infallible;
use std::future::{Ready, ready};
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::{Context, Poll};
use std::time::Duration;

use anyhow::{Result, anyhow, bail};
use libp2p::core::upgrade::{InboundUpgrade, OutboundUpgrade, UpgradeInfo};
use libp2p::core::{Endpoint, transport::PortUse};
use libp2p::swarm::handler::{
    ConnectionEvent, DialUpgradeError, FullyNegotiatedInbound, FullyNegotiatedOutbound,
};
use libp2p::swarm::{
    ConnectionDenied, ConnectionHandler, ConnectionHandlerEvent, ConnectionId, FromSwarm,
    NetworkBehaviour, Stream, StreamProtocol, StreamUpgradeError, SubstreamProtocol, THandler,
    THandlerInEvent, THandlerOutEvent, ToSwarm,
};
use libp2p::{Multiaddr, PeerId};
use tokio::sync::{mpsc, oneshot};

/// How long the negotiation of a stream's protocol may take. Generous, because
/// a thousand of them may wait behind each other.
const NEGOTIATION_TIMEOUT: Duration = Duration::from_secs(60);

pub type Inbound = (StreamProtocol, Stream);
type Reply = oneshot::Sender<Result<Stream>>;

enum Order {
    Open(StreamProtocol, Reply),
    /// Serve this set from now on.
    Serve(Vec<StreamProtocol>),
}

#[derive(Default)]
struct Shared {
    served: Vec<StreamProtocol>,
    connections: HashMap<PeerId, HashMap<ConnectionId, mpsc::UnboundedSender<Order>>>,
}

/// What commands hold of the behaviour. Orders go straight to a connection's
/// task, past the swarm's loop.
#[derive(Clone, Default)]
pub struct Control(Arc<Mutex<Shared>>);

impl Control {
    fn lock(&self) -> MutexGuard<'_, Shared> {
        self.0.lock().expect("no holder of the lock panics")
    }

    /// Opens a stream on an existing connection; it never dials.
    pub async fn open(&self, peer: PeerId, protocol: StreamProtocol) -> Result<Stream> {
        let (reply, opened) = oneshot::channel();
        let order = Order::Open(protocol, reply);
        let sent = match self.lock().connections.get(&peer) {
            Some(connections) => connections.values().next().map(|c| c.send(order)),
            None => None,
        };
        if sent.is_none() {
            bail!("not connected to {peer}");
        }
        opened
            .await
            .map_err(|_| anyhow!("the connection to {peer} closed"))?
    }

    pub fn serve(&self, protocol: StreamProtocol) {
        self.change(|served| {
            if !served.contains(&protocol) {
                served.push(protocol);
            }
        });
    }

    pub fn stop_serving(&self, protocol: &StreamProtocol) {
        self.change(|served| served.retain(|p| p != protocol));
    }

    fn change(&self, change: impl FnOnce(&mut Vec<StreamProtocol>)) {
        let mut shared = self.lock();
        change(&mut shared.served);
        for connection in shared.connections.values().flat_map(HashMap::values) {
            let _ = connection.send(Order::Serve(shared.served.clone()));
        }
    }
}

pub struct Behaviour {
    control: Control,
    inbound: mpsc::UnboundedSender<Inbound>,
}

impl Behaviour {
    pub fn new() -> (Self, Control, mpsc::UnboundedReceiver<Inbound>) {
        let control = Control::default();
        let (inbound, streams) = mpsc::unbounded_channel();
        let behaviour = Behaviour {
            control: control.clone(),
            inbound,
        };
        (behaviour, control, streams)
    }

    fn handler(&self, connection: ConnectionId, peer: PeerId) -> Handler {
        let (sender, orders) = mpsc::unbounded_channel();
        let mut shared = self.control.lock();
        let connections = shared.connections.entry(peer).or_default();
        connections.insert(connection, sender);
        Handler {
            served: shared.served.clone(),
            orders,
            inbound: self.inbound.clone(),
        }
    }

    fn forget(&self, connection: ConnectionId, peer: PeerId) {
        let mut shared = self.control.lock();
        if let Some(connections) = shared.connections.get_mut(&peer) {
            connections.remove(&connection);
            if connections.is_empty() {
                shared.connections.remove(&peer);
            }
        }
    }
}

impl NetworkBehaviour for Behaviour {
    type ConnectionHandler = Handler;
    type ToSwarm = Infallible;

    fn handle_established_inbound_connection(
        &mut self,
        connection: ConnectionId,
        peer: PeerId,
        _: &Multiaddr,
        _: &Multiaddr,
    ) -> Result<THandler<Self>, ConnectionDenied> {
        Ok(self.handler(connection, peer))
    }

    fn handle_established_outbound_connection(
        &mut self,
        connection: ConnectionId,
        peer: PeerId,
        _: &Multiaddr,
        _: Endpoint,
        _: PortUse,
    ) -> Result<THandler<Self>, ConnectionDenied> {
        Ok(self.handler(connection, peer))
    }

    fn on_swarm_event(&mut self, event: FromSwarm) {
        if let FromSwarm::ConnectionClosed(closed) = event {
            self.forget(closed.connection_id, closed.peer_id);
        }
    }

    fn on_connection_handler_event(
        &mut self,
        _: PeerId,
        _: ConnectionId,
        event: THandlerOutEvent<Self>,
    ) {
        match event {}
    }

    fn poll(&mut self, _: &mut Context<'_>) -> Poll<ToSwarm<Self::ToSwarm, THandlerInEvent<Self>>> {
        Poll::Pending
    }
}

pub struct Handler {
    served: Vec<StreamProtocol>,
    orders: mpsc::UnboundedReceiver<Order>,
    inbound: mpsc::UnboundedSender<Inbound>,
}

impl ConnectionHandler for Handler {
    type FromBehaviour = Infallible;
    type ToBehaviour = Infallible;
    type InboundProtocol = Negotiate;
    type OutboundProtocol = Negotiate;
    type InboundOpenInfo = ();
    type OutboundOpenInfo = Reply;

    fn listen_protocol(&self) -> SubstreamProtocol<Negotiate> {
        SubstreamProtocol::new(Negotiate(self.served.clone()), ()).with_timeout(NEGOTIATION_TIMEOUT)
    }

    fn connection_keep_alive(&self) -> bool {
        true
    }

    fn poll(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<ConnectionHandlerEvent<Negotiate, Reply, Infallible>> {
        while let Poll::Ready(Some(order)) = self.orders.poll_recv(cx) {
            match order {
                // The connection asks for the set again after each poll.
                Order::Serve(served) => self.served = served,
                Order::Open(protocol, reply) => {
                    let protocol = SubstreamProtocol::new(Negotiate(vec![protocol]), reply)
                        .with_timeout(NEGOTIATION_TIMEOUT);
                    return Poll::Ready(ConnectionHandlerEvent::OutboundSubstreamRequest {
                        protocol,
                    });
                }
            }
        }
        Poll::Pending
    }

    fn on_behaviour_event(&mut self, event: Infallible) {
        match event {}
    }

    fn on_connection_event(&mut self, event: ConnectionEvent<'_, Negotiate, Negotiate, (), Reply>) {
        match event {
            ConnectionEvent::FullyNegotiatedInbound(FullyNegotiatedInbound {
                protocol, ..
            }) => {
                let _ = self.inbound.send(protocol);
            }
            ConnectionEvent::FullyNegotiatedOutbound(FullyNegotiatedOutbound {
                protocol: (_, stream),
                info: reply,
            }) => {
                let _ = reply.send(Ok(stream));
            }
            ConnectionEvent::DialUpgradeError(DialUpgradeError { info: reply, error }) => {
                let error = match error {
                    StreamUpgradeError::NegotiationFailed => anyhow!("protocol not supported"),
                    StreamUpgradeError::Timeout => anyhow!("the negotiation timed out"),
                    StreamUpgradeError::Io(e) => e.into(),
                    StreamUpgradeError::Apply(never) => match never {},
                };
                let _ = reply.send(Err(error));
            }
            _ => {}
        }
    }
}

/// An upgrade that is done with the negotiation of the protocol's name.
pub struct Negotiate(Vec<StreamProtocol>);

impl UpgradeInfo for Negotiate {
    type Info = StreamProtocol;
    type InfoIter = std::vec::IntoIter<StreamProtocol>;

    fn protocol_info(&self) -> Self::InfoIter {
        self.0.clone().into_iter()
    }
}

impl InboundUpgrade<Stream> for Negotiate {
    type Output = Inbound;
    type Error = Infallible;
    type Future = Ready<Result<Inbound, Infallible>>;

    fn upgrade_inbound(self, stream: Stream, protocol: StreamProtocol) -> Self::Future {
        ready(Ok((protocol, stream)))
    }
}

impl OutboundUpgrade<Stream> for Negotiate {
    type Output = Inbound;
    type Error = Infallible;
    type Future = Ready<Result<Inbound, Infallible>>;

    fn upgrade_outbound(self, stream: Stream, protocol: StreamProtocol) -> Self::Future {
        ready(Ok((protocol, stream)))
    }
}
