//! A rust-libp2p node that is driven by JSON commands on its standard input.
//! `../README.md` describes the commands and the protocols.

mod circuit;
mod commands;
mod kad;
mod node;
mod serve;
mod streams;

use std::io::{BufRead, Write};
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use crate::commands::Command;
use crate::node::Node;

pub struct Options {
    pub listen: Vec<String>,
    pub key_type: String,
    pub agent: String,
    pub mdns: bool,
    pub kad: String,
    pub relay: String,
    pub dcutr: bool,
}

fn parse_options(mut args: impl Iterator<Item = String>) -> Result<Options> {
    let mut options = Options {
        listen: Vec::new(),
        key_type: "ed25519".into(),
        agent: "warren-interop-rust".into(),
        mdns: false,
        kad: "off".into(),
        relay: "off".into(),
        dcutr: false,
    };
    while let Some(name) = args.next() {
        let value = args
            .next()
            .with_context(|| format!("{name} needs a value"))?;
        match name.as_str() {
            "--listen" => options.listen.push(value),
            "--key-type" => options.key_type = value,
            "--agent" => options.agent = value,
            "--mdns" if value == "on" || value == "off" => options.mdns = value == "on",
            "--kad" => options.kad = value,
            "--relay" if ["off", "on", "limited"].contains(&value.as_str()) => {
                options.relay = value;
            }
            "--relay" => bail!("--relay must be off, on or limited"),
            "--dcutr" if value == "on" || value == "off" => options.dcutr = value == "on",
            "--dcutr" => bail!("--dcutr must be on or off"),
            "--mdns" => bail!("--mdns must be on or off"),
            // rust-libp2p has no early muxer negotiation: nothing to turn.
            "--early-muxer" if value == "on" || value == "off" => {}
            "--early-muxer" => bail!("--early-muxer must be on or off"),
            _ => bail!("unknown option {name}"),
        }
    }
    if options.listen.is_empty() {
        options.listen.push("/ip4/127.0.0.1/tcp/0".into());
    }
    Ok(options)
}

/// The version of libp2p as the manifest fixes it.
fn libp2p_version() -> &'static str {
    include_str!("../Cargo.toml")
        .lines()
        .find_map(|line| line.strip_prefix("libp2p = { version = \"="))
        .and_then(|rest| rest.split('"').next())
        .unwrap_or("unknown")
}

/// Writes one JSON object as one line, whole and at once.
fn print_line(value: &Value) {
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "{value}").and_then(|()| out.flush());
}

async fn answer(node: Arc<Node>, line: String) {
    let (n, result) = match serde_json::from_str::<Command>(&line) {
        Ok(command) => (command.n, commands::run(&node, command).await),
        Err(e) => (0, Err(e.into())),
    };
    let mut answer = match result {
        Ok(Value::Null) => json!({"ok": true}),
        Ok(mut fields) => {
            fields["ok"] = true.into();
            fields
        }
        Err(e) => json!({"ok": false, "error": format!("{e:#}")}),
    };
    answer["n"] = n.into();
    print_line(&answer);
}

/// Reads commands until the parent closes the pipe or dies; the peer must not
/// outlive it. A thread of its own, so that nothing can delay the exit.
fn read_commands(node: Arc<Node>, runtime: tokio::runtime::Handle) {
    for line in std::io::stdin().lock().lines() {
        match line {
            Ok(line) if line.trim().is_empty() => {}
            Ok(line) => drop(runtime.spawn(answer(node.clone(), line))),
            Err(_) => break,
        }
    }
    std::process::exit(0);
}

#[tokio::main]
async fn main() -> Result<()> {
    let options = parse_options(std::env::args().skip(1))?;
    let (node, swarm_loop, addrs) = node::start(&options).await?;
    print_line(&json!({
        "event": "ready",
        "impl": "rust",
        "version": libp2p_version(),
        "id": node.id.to_string(),
        "addrs": addrs,
        "earlyMuxer": false,
    }));
    let node = Arc::new(node);
    let runtime = tokio::runtime::Handle::current();
    std::thread::spawn(move || read_commands(node, runtime));
    swarm_loop.await?;
    Ok(())
}
