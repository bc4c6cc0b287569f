//! What commands ask of the Kademlia DHT.

use std::time::Duration;

use anyhow::{Result, anyhow, bail, ensure};
use base64::prelude::{BASE64_STANDARD, Engine};
use libp2p::kad::store::MemoryStore;
use libp2p::kad::{
    self, GetClosestPeersOk, GetProvidersOk, GetRecordOk, Mode, QueryResult, Quorum, Record,
};
use libp2p::swarm::StreamProtocol;
use libp2p::{PeerId, identify};
use serde_json::{Map, Value, json};
use tokio::time::sleep;

use crate::commands::Command;
use crate::node::Node;

const PROTOCOL: StreamProtocol = StreamProtocol::new("/ipfs/kad/1.0.0");
const JOIN_TIMEOUT: Duration = Duration::from_secs(10);

pub type Behaviour = kad::Behaviour<MemoryStore>;

/// A node of the DHT, if the mode says so.
pub fn behaviour(id: PeerId, mode: &str) -> Result<Option<Behaviour>> {
    if mode == "off" {
        return Ok(None);
    }
    let mut config = kad::Config::new(PROTOCOL);
    config.set_periodic_bootstrap_interval(None);
    let mut kad = Behaviour::with_config(id, MemoryStore::new(id), config);
    kad.set_mode(Some(parse_mode(mode)?));
    Ok(Some(kad))
}

/// Of those who dial, the DHT does not find out by itself where they listen.
pub fn identified(kad: &mut Behaviour, peer: &PeerId, info: &identify::Info) {
    if info.protocols.contains(&PROTOCOL) {
        for addr in &info.listen_addrs {
            kad.add_address(peer, addr.clone());
        }
    } else {
        kad.remove_peer(peer);
    }
}

fn parse_mode(mode: &str) -> Result<Mode> {
    Ok(match mode {
        "server" => Mode::Server,
        "client" => Mode::Client,
        _ => bail!("the mode is server or client"),
    })
}

pub async fn run(node: &Node, command: Command) -> Result<Value> {
    match command.cmd.as_str() {
        "kad-join" => join(node, &command.addr).await,
        "kad-mode" => {
            let mode = parse_mode(&command.mode)?;
            node.kad(move |kad| kad.set_mode(Some(mode))).await?;
            Ok(Value::Null)
        }
        "kad-known" => {
            let tables = u32::from(knows(node, command.peer.parse()?).await?);
            Ok(json!({"tables": tables}))
        }
        "kad-find" => find(node, command.peer.parse()?).await,
        "kad-provide" => {
            node.query(|kad| Ok(kad.start_providing(command.key.into())?))
                .await?
                .into_iter()
                .try_for_each(|result| match result {
                    QueryResult::StartProviding(outcome) => Ok(drop(outcome?)),
                    other => Err(unexpected(other)),
                })?;
            Ok(Value::Null)
        }
        "kad-providers" => providers(node, command.key).await,
        "kad-put" => {
            let record = Record::new(command.key, command.value);
            node.query(|kad| Ok(kad.put_record(record, Quorum::One)?))
                .await?
                .into_iter()
                .try_for_each(|result| match result {
                    QueryResult::PutRecord(outcome) => Ok(drop(outcome?)),
                    other => Err(unexpected(other)),
                })?;
            Ok(Value::Null)
        }
        "kad-get" => get(node, command.key).await,
        other => bail!("unknown command {other:?}"),
    }
}

/// Connects to the peer at the address, and looks for those around the node
/// when the peer has been taken in.
async fn join(node: &Node, addr: &str) -> Result<Value> {
    let peer = node.dial(addr.parse()?).await?;
    let taken_in = async {
        while !knows(node, peer).await? {
            sleep(Duration::from_millis(5)).await;
        }
        anyhow::Ok(())
    };
    tokio::time::timeout(JOIN_TIMEOUT, taken_in).await??;
    node.query(|kad| Ok(kad.bootstrap()?)).await?;
    Ok(Value::Null)
}

async fn knows(node: &Node, peer: PeerId) -> Result<bool> {
    node.kad(move |kad| {
        kad.kbuckets().any(|bucket| {
            bucket
                .iter()
                .any(|entry| *entry.node.key.preimage() == peer)
        })
    })
    .await
}

async fn find(node: &Node, peer: PeerId) -> Result<Value> {
    for result in node
        .query(move |kad| Ok(kad.get_closest_peers(peer)))
        .await?
    {
        let QueryResult::GetClosestPeers(outcome) = result else {
            return Err(unexpected(result));
        };
        let GetClosestPeersOk { peers, .. } = outcome?;
        if let Some(found) = peers.into_iter().find(|each| each.peer_id == peer) {
            let addrs: Vec<_> = found.addrs.iter().map(ToString::to_string).collect();
            return Ok(json!({"addrs": addrs}));
        }
    }
    bail!("{peer} was not found")
}

/// Without their addresses, which rust-libp2p keeps to itself.
async fn providers(node: &Node, key: Vec<u8>) -> Result<Value> {
    let mut found = Map::new();
    for result in node.query(|kad| Ok(kad.get_providers(key.into()))).await? {
        let QueryResult::GetProviders(outcome) = result else {
            return Err(unexpected(result));
        };
        if let GetProvidersOk::FoundProviders { providers, .. } = outcome? {
            found.extend(providers.iter().map(|peer| (peer.to_string(), json!([]))));
        }
    }
    Ok(json!({"providers": found}))
}

async fn get(node: &Node, key: Vec<u8>) -> Result<Value> {
    let mut values = Vec::new();
    for result in node.query(|kad| Ok(kad.get_record(key.into()))).await? {
        let QueryResult::GetRecord(outcome) = result else {
            return Err(unexpected(result));
        };
        if let GetRecordOk::FoundRecord(found) = outcome? {
            values.push(found.record.value);
        }
    }
    ensure!(!values.is_empty(), "there is no such record");
    Ok(json!({"value": BASE64_STANDARD.encode(&values[0])}))
}

fn unexpected(result: QueryResult) -> anyhow::Error {
    anyhow!("an answer to another question: {result:?}")
}
