//! The commands of the driver.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, bail, ensure};
use base64::prelude::{BASE64_STANDARD, Engine};
use futures::future::join_all;
use futures::{AsyncReadExt, AsyncWrite, AsyncWriteExt};
use libp2p::swarm::{Stream, StreamProtocol};
use libp2p::{Multiaddr, PeerId};
use rand::rngs::SmallRng;
use rand::{RngCore, SeedableRng};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio::sync::{Barrier, Notify};
use tokio::time::{sleep, timeout};

use crate::kad;
use crate::node::Node;
use crate::serve::{BUFFER, ECHO, HASH, PERF, RESET, SLOW, discard, write_zeros};

const PING: StreamProtocol = StreamProtocol::new("/ipfs/ping/1.0.0");

const DIAL_TIMEOUT: Duration = Duration::from_secs(30);
const RESERVE_TIMEOUT: Duration = Duration::from_secs(30);
const IDENTIFY_TIMEOUT: Duration = Duration::from_secs(10);
const PING_TIMEOUT: Duration = Duration::from_secs(10);

const OTHER_ECHOES: usize = 5;
const OTHER_ECHO_BYTES: u64 = 1 << 20;
/// What every yamux sender may send before the first window update.
const INITIAL_WINDOW: u64 = 256 << 10;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[derive(Default)]
pub struct Command {
    pub n: i64,
    pub cmd: String,
    pub addr: String,
    pub peer: String,
    protocol: String,
    bytes: u64,
    count: usize,
    parallel: usize,
    pause_millis: u64,
    upload: u64,
    download: u64,
    pub mode: String,
    #[serde(deserialize_with = "base64")]
    pub key: Vec<u8>,
    #[serde(deserialize_with = "base64")]
    pub value: Vec<u8>,
}

fn base64<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
    let text = String::deserialize(deserializer)?;
    BASE64_STANDARD.decode(text).map_err(D::Error::custom)
}

fn texts(addrs: &[Multiaddr]) -> Vec<String> {
    addrs.iter().map(ToString::to_string).collect()
}

/// Runs one command; gives the fields of its answer, or null for none.
pub async fn run(node: &Arc<Node>, command: Command) -> Result<Value> {
    match command.cmd.as_str() {
        "dial" => {
            let peer = timeout(DIAL_TIMEOUT, node.dial(command.addr.parse()?)).await??;
            return Ok(json!({"peer": peer.to_string()}));
        }
        "peers" => {
            let peers: Vec<_> = node.peers().await?.iter().map(PeerId::to_string).collect();
            return Ok(json!({"peers": peers}));
        }
        "relay-reserve" => {
            let place = timeout(RESERVE_TIMEOUT, node.reserve(command.addr.parse()?)).await??;
            return Ok(json!({
                "addrs": texts(&place.addrs),
                "limitSeconds": place.limit_seconds,
                "limitBytes": place.limit_bytes,
                // rust-libp2p reads none.
                "voucher": false,
            }));
        }
        "handle" => {
            node.streams.serve(protocol(command.protocol)?);
            return Ok(Value::Null);
        }
        "unhandle" => {
            node.streams.stop_serving(&protocol(command.protocol)?);
            return Ok(Value::Null);
        }
        name if name.starts_with("kad-") => return kad::run(node, command).await,
        _ => {}
    }

    let peer: PeerId = command
        .peer
        .parse()
        .with_context(|| format!("bad peer id {:?}", command.peer))?;
    let start = Instant::now();
    match command.cmd.as_str() {
        "disconnect" => {
            node.disconnect(peer).await?;
            Ok(Value::Null)
        }
        "found" => Ok(json!({"addrs": texts(&node.found(&peer))})),
        "paths" => Ok(json!({"addrs": texts(&node.paths(peer).await?)})),
        "ping" => timeout(PING_TIMEOUT, ping(node, peer)).await?,
        "identify" => timeout(IDENTIFY_TIMEOUT, identify(node, peer))
            .await
            .map_err(|_| anyhow!("nothing identified about {peer}")),
        "knows" => {
            let wanted = protocol(command.protocol)?;
            let knows = node
                .identified(&peer)
                .is_some_and(|info| info.protocols.contains(&wanted));
            Ok(json!({"knows": knows}))
        }
        "echo" => {
            echo(node, peer, command.bytes).await?;
            Ok(json!({"bytes": command.bytes, "seconds": seconds(start)}))
        }
        "hash" => {
            hash(node, peer, command.bytes).await?;
            Ok(json!({"bytes": command.bytes, "seconds": seconds(start)}))
        }
        "streams" => {
            streams(node, peer, command.count, command.bytes).await?;
            Ok(json!({"streams": command.count, "seconds": seconds(start)}))
        }
        "churn" => {
            churn(node, peer, command.count, command.parallel).await?;
            Ok(json!({"streams": command.count, "seconds": seconds(start)}))
        }
        "reset" => {
            reset(node, peer).await?;
            Ok(Value::Null)
        }
        "slow" => slow(node, peer, command.bytes, command.pause_millis).await,
        "perf" => perf(node, peer, command.upload, command.download).await,
        other => bail!("unknown command {other:?}"),
    }
}

fn protocol(name: String) -> Result<StreamProtocol> {
    Ok(StreamProtocol::try_from_owned(name)?)
}

fn seconds(start: Instant) -> f64 {
    start.elapsed().as_secs_f64()
}

async fn ping(node: &Node, peer: PeerId) -> Result<Value> {
    let mut stream = node.streams.open(peer, PING).await?;
    let mut sent = [0; 32];
    rand::thread_rng().fill_bytes(&mut sent);
    let start = Instant::now();
    stream.write_all(&sent).await?;
    stream.flush().await?;
    let mut received = [0; 32];
    stream.read_exact(&mut received).await?;
    let micros = start.elapsed().as_micros() as u64;
    ensure!(sent == received, "the pong differs from the ping");
    stream.close().await?;
    Ok(json!({"micros": micros}))
}

async fn identify(node: &Node, peer: PeerId) -> Value {
    loop {
        if let Some(info) = node.identified(&peer) {
            return json!({
                "agent": info.agent_version,
                "protocolVersion": info.protocol_version,
                "protocols": info.protocols.iter().map(|p| p.to_string()).collect::<Vec<_>>(),
                "addrs": info.listen_addrs.iter().map(|a| a.to_string()).collect::<Vec<_>>(),
                "observed": info.observed_addr.to_string(),
                "signedRecord": info.signed_peer_record.is_some(),
            });
        }
        sleep(Duration::from_millis(10)).await;
    }
}

/// Writes `count` pseudo-random bytes and gives their SHA-256; `progress` is
/// told how many were written so far.
async fn send_random(
    writer: &mut (impl AsyncWrite + Unpin),
    count: u64,
    progress: impl Fn(u64),
) -> Result<Vec<u8>> {
    let mut random = SmallRng::seed_from_u64(count);
    let mut hash = Sha256::new();
    let mut buffer = vec![0; count.min(BUFFER as u64) as usize];
    let mut sent = 0;
    while sent < count {
        let chunk = &mut buffer[..(count - sent).min(BUFFER as u64) as usize];
        random.fill_bytes(chunk);
        hash.update(&*chunk);
        writer.write_all(chunk).await?;
        sent += chunk.len() as u64;
        progress(sent);
    }
    writer.flush().await?;
    Ok(hash.finalize().to_vec())
}

async fn echo(node: &Node, peer: PeerId, count: u64) -> Result<()> {
    let stream = node.streams.open(peer, ECHO).await?;
    echo_on(stream, count, async || {}).await
}

/// Runs one echo; the stream stays open until `all_written` returns.
async fn echo_on(stream: Stream, count: u64, all_written: impl AsyncFnOnce()) -> Result<()> {
    let (mut reader, mut writer) = stream.split();
    let send = async {
        let sum = send_random(&mut writer, count, |_| {}).await;
        all_written().await;
        let sum = sum?;
        writer.close().await?;
        Ok::<_, anyhow::Error>(sum)
    };
    let receive = async {
        let mut hash = Sha256::new();
        let mut buffer = vec![0; count.clamp(1, BUFFER as u64) as usize];
        let mut received = 0;
        loop {
            let n = reader.read(&mut buffer).await?;
            if n == 0 {
                return Ok((received, hash.finalize().to_vec()));
            }
            hash.update(&buffer[..n]);
            received += n as u64;
        }
    };
    let (sent, (received, back)) = futures::try_join!(send, receive)?;
    ensure!(
        received == count && back == sent,
        "echo differs: sent {count} bytes, received {received}"
    );
    Ok(())
}

async fn hash(node: &Node, peer: PeerId, count: u64) -> Result<()> {
    let mut stream = node.streams.open(peer, HASH).await?;
    let sum = send_random(&mut stream, count, |_| {}).await?;
    finish_hash(stream, sum).await
}

/// Half-closes the stream and compares the remote's hash.
async fn finish_hash(mut stream: Stream, sum: Vec<u8>) -> Result<()> {
    stream.close().await?;
    let mut theirs = Vec::new();
    stream.read_to_end(&mut theirs).await?;
    ensure!(
        theirs == sum,
        "hash differs, {} bytes received",
        theirs.len()
    );
    Ok(())
}

async fn streams(node: &Arc<Node>, peer: PeerId, count: usize, bytes: u64) -> Result<()> {
    // No stream closes before each of them is open and written.
    let written = Arc::new(Barrier::new(count));
    let work = (0..count).map(|_| {
        let (node, written) = (node.clone(), written.clone());
        tokio::spawn(async move {
            match node.streams.open(peer, ECHO).await {
                Ok(stream) => {
                    let all_written = async || drop(written.wait().await);
                    echo_on(stream, bytes, all_written).await
                }
                Err(e) => {
                    // Let the other streams end.
                    tokio::spawn(async move { written.wait().await });
                    Err(e)
                }
            }
        })
    });
    first_failure(work, count).await
}

async fn churn(node: &Arc<Node>, peer: PeerId, count: usize, width: usize) -> Result<()> {
    let taken = Arc::new(AtomicU64::new(0));
    let work = (0..width.clamp(1, count.max(1))).map(|_| {
        let (node, taken) = (node.clone(), taken.clone());
        tokio::spawn(async move {
            while taken.fetch_add(1, Ordering::Relaxed) < count as u64 {
                echo(&node, peer, 32).await?;
            }
            Ok(())
        })
    });
    first_failure(work, count).await
}

async fn first_failure<F>(work: impl Iterator<Item = F>, count: usize) -> Result<()>
where
    F: Future<Output = std::result::Result<Result<()>, tokio::task::JoinError>>,
{
    let ended: Vec<Result<()>> = join_all(work)
        .await
        .into_iter()
        .map(|task| task.unwrap_or_else(|e| Err(e.into())))
        .collect();
    let failed = ended.iter().filter(|e| e.is_err()).count();
    match ended.into_iter().find_map(Result::err) {
        None => Ok(()),
        Some(e) => Err(e.context(format!("{failed} tasks of {count} streams failed"))),
    }
}

async fn reset(node: &Node, peer: PeerId) -> Result<()> {
    let mut stream = node.streams.open(peer, RESET).await?;
    stream.write_all(&[1]).await?;
    stream.flush().await?;
    if stream.read(&mut [0]).await.is_ok_and(|n| n > 0) {
        bail!("the stream gave data, not a reset");
    }
    // This yamux reads a reset as an end of data. What tells the two apart is
    // that only a reset also ends our own direction.
    let written = async {
        stream.write_all(&[2]).await?;
        stream.flush().await
    };
    match written.await {
        Ok(()) => bail!("the stream ended cleanly, not by a reset"),
        Err(_) => Ok(()),
    }
}

async fn slow(node: &Arc<Node>, peer: PeerId, bytes: u64, pause_millis: u64) -> Result<Value> {
    let mut stream = node.streams.open(peer, SLOW).await?;
    let start = Instant::now();
    let stalled = Arc::new(Notify::new());
    let ended = Arc::new(AtomicBool::new(false));
    let slow = {
        let (stalled, ended) = (stalled.clone(), ended.clone());
        tokio::spawn(async move {
            let result = async {
                stream.write_all(&pause_millis.to_be_bytes()).await?;
                let sum = send_random(&mut stream, bytes, |sent| {
                    // One buffer more than this fills the window.
                    if sent + BUFFER as u64 >= INITIAL_WINDOW {
                        stalled.notify_one();
                    }
                })
                .await?;
                stalled.notify_one();
                finish_hash(stream, sum).await
            }
            .await;
            ended.store(true, Ordering::SeqCst);
            stalled.notify_one();
            result.map(|()| seconds(start))
        })
    };

    stalled.notified().await;
    let others_start = Instant::now();
    for _ in 0..OTHER_ECHOES {
        if let Err(e) = echo(node, peer, OTHER_ECHO_BYTES).await {
            slow.abort();
            return Err(e.context("echo beside the slow stream"));
        }
    }
    let others_seconds = seconds(others_start);
    let others_first = !ended.load(Ordering::SeqCst);
    let slow_seconds = slow.await?.context("slow stream")?;
    Ok(json!({
        "othersSeconds": others_seconds,
        "slowSeconds": slow_seconds,
        "othersFinishedFirst": others_first,
    }))
}

async fn perf(node: &Node, peer: PeerId, upload: u64, download: u64) -> Result<Value> {
    let mut stream = node.streams.open(peer, PERF).await?;
    let start = Instant::now();
    stream.write_all(&download.to_be_bytes()).await?;
    write_zeros(&mut stream, upload).await?;
    stream.close().await?;

    // The first byte, or the end, says that the server has read everything.
    let first = stream.read(&mut vec![0; BUFFER]).await?;
    let upload_seconds = seconds(start);
    let start = Instant::now();
    let mut received = first as u64;
    if first > 0 {
        received += discard(&mut stream).await?;
    }
    ensure!(
        received == download,
        "asked for {download} bytes, got {received}"
    );
    Ok(json!({
        "uploadSeconds": upload_seconds,
        "downloadSeconds": seconds(start),
    }))
}
