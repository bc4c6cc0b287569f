//! The protocols that every peer serves.

use std::time::Duration;

use anyhow::Result;
use futures::{AsyncReadExt, AsyncWriteExt};
use libp2p::swarm::{Stream, StreamProtocol};
use sha2::{Digest, Sha256};
use tokio::sync::mpsc;

use crate::streams::{Control, Inbound};

pub const ECHO: StreamProtocol = StreamProtocol::new("/warren-interop/echo/1.0.0");
pub const HASH: StreamProtocol = StreamProtocol::new("/warren-interop/hash/1.0.0");
pub const RESET: StreamProtocol = StreamProtocol::new("/warren-interop/reset/1.0.0");
pub const SLOW: StreamProtocol = StreamProtocol::new("/warren-interop/slow/1.0.0");
pub const PERF: StreamProtocol = StreamProtocol::new("/perf/1.0.0");

pub const BUFFER: usize = 128 << 10;

/// What perf sends.
static ZEROS: [u8; BUFFER] = [0; BUFFER];

/// Serves the fixed protocols, and echo for every other that is added later.
pub fn start(control: &Control, mut inbound: mpsc::UnboundedReceiver<Inbound>) {
    for protocol in [ECHO, HASH, RESET, SLOW, PERF] {
        control.serve(protocol);
    }
    tokio::spawn(async move {
        while let Some((protocol, stream)) = inbound.recv().await {
            // A failed stream is dropped unclosed, which resets it.
            tokio::spawn(async move {
                if protocol == HASH {
                    hash(stream).await
                } else if protocol == RESET {
                    reset(stream).await
                } else if protocol == SLOW {
                    slow(stream).await
                } else if protocol == PERF {
                    perf(stream).await
                } else {
                    echo(stream).await
                }
            });
        }
    });
}

async fn echo(mut stream: Stream) -> Result<()> {
    let mut buffer = vec![0; BUFFER];
    loop {
        let n = stream.read(&mut buffer).await?;
        if n == 0 {
            break;
        }
        stream.write_all(&buffer[..n]).await?;
        stream.flush().await?;
    }
    Ok(stream.close().await?)
}

async fn hash(mut stream: Stream) -> Result<()> {
    let mut hash = Sha256::new();
    let mut buffer = vec![0; BUFFER];
    loop {
        let n = stream.read(&mut buffer).await?;
        if n == 0 {
            break;
        }
        hash.update(&buffer[..n]);
    }
    stream.write_all(&hash.finalize()).await?;
    Ok(stream.close().await?)
}

async fn reset(mut stream: Stream) -> Result<()> {
    stream.read_exact(&mut [0]).await?;
    // Dropping a stream that is not closed resets it.
    drop(stream);
    Ok(())
}

async fn slow(mut stream: Stream) -> Result<()> {
    let mut pause = [0; 8];
    stream.read_exact(&mut pause).await?;
    tokio::time::sleep(Duration::from_millis(u64::from_be_bytes(pause))).await;
    hash(stream).await
}

async fn perf(mut stream: Stream) -> Result<()> {
    let mut wanted = [0; 8];
    stream.read_exact(&mut wanted).await?;
    discard(&mut stream).await?;
    write_zeros(&mut stream, u64::from_be_bytes(wanted)).await?;
    Ok(stream.close().await?)
}

/// Reads to the end and gives the number of bytes.
pub async fn discard(stream: &mut Stream) -> Result<u64> {
    let mut buffer = vec![0; BUFFER];
    let mut count = 0;
    loop {
        match stream.read(&mut buffer).await? {
            0 => return Ok(count),
            n => count += n as u64,
        }
    }
}

pub async fn write_zeros(stream: &mut Stream, mut count: u64) -> Result<()> {
    while count > 0 {
        let n = count.min(BUFFER as u64);
        stream.write_all(&ZEROS[..n as usize]).await?;
        count -= n;
    }
    Ok(())
}
