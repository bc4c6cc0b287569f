package dev.warren.node;

import dev.warren.libp2p.identity.PublicKey;
import dev.warren.sharecodes.ShareId;
import dev.warren.sharecodes.ShareKey;

/** A sharer that was found and is connected, and what it takes to be let in. */
record Found(PublicKey sharer, ShareId share, ShareKey key, String path) {}
