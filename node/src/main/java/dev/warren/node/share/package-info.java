/**
 * The sharer's side of a share: what there is to be shared, what it consists of, and who may have
 * it. {@link dev.warren.node.share.LocalShare} is its face.
 *
 * <p>A share is listed first and hashed then, in the order of the listing, while it is served. Disk
 * and CPU work is done on few platform threads of its own; what is found goes straight into the
 * share's database, so that memory does not depend on how much is shared.
 */
@NullMarked
package dev.warren.node.share;

import org.jspecify.annotations.NullMarked;
