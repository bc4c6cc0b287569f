package dev.warren.protocols.admission;

import dev.warren.sharecodes.ShareId;
import dev.warren.sharecodes.ShareKey;

/** What a receiver gets for the right words. */
public record Admitted(ShareId share, ShareKey key) {}
