package dev.warren.protocols.transfer.session;

import dev.warren.libp2p.identity.PeerId;
import dev.warren.sharecodes.ShareId;
import dev.warren.sharecodes.ShareKey;
import java.util.Optional;

/**
 * What a receiver needs to be given a share.
 *
 * @param sharer whose share it is; not always the source at hand
 * @param token what the sharer has given for other sources, if it has yet
 */
public record ShareAccess(ShareId share, ShareKey key, PeerId sharer, Optional<Token> token) {}
