package dev.warren.protocols.transfer.session;

import dev.warren.libp2p.identity.PublicKey;
import java.util.Optional;

/**
 * What a source says as it lets a receiver have a share.
 *
 * @param sharer the key that segments and tokens are signed with
 * @param name what to call the share; safe to be shown
 * @param description what the sharer has to say of it, may be empty; safe to be shown
 * @param token for other sources; from the sharer only
 */
public record Acceptance(
    PublicKey sharer, String name, String description, Optional<Token> token) {}
