/**
 * What becomes of a share on the receiving disk.
 *
 * <p>Nothing is created before the whole listing has been read, checked and agreed to. Content goes
 * to partial files in one directory beside the rest, and a file gets its name when all of it is
 * there. So what has a name is whole, and what is half done is in one place.
 *
 * <p>What is on the disk after the process has been killed is what it had written. What is there
 * after a loss of power is what had been forced: files of 1 MiB or more before they get their name,
 * partial files every ten seconds. Smaller files are not forced, which would take longer than to
 * receive them; after a restart of the machine those of an unfinished share are hashed again.
 *
 * <p>The directory is the user's, who may change anything in it at any time. So nothing is read
 * from it without being compared with its hash, but for partial files, of which it is compared when
 * they were written to; and nothing that is there is replaced unless that was agreed to.
 */
@NullMarked
package dev.warren.node.receive;

import org.jspecify.annotations.NullMarked;
