/**
 * What survives the process. One directory holds all of it: {@code warren.db} for what a node knows
 * (shares, transfers, hashes of files, peers, the audit log), one database for each share with its
 * manifest, and a cache of content that lies in no file of the user.
 *
 * <p>Databases are SQLite files with a write-ahead log. A call into SQLite holds on to the platform
 * thread below a virtual one, so calls are short, many rows at a time, and off the paths that every
 * chunk takes.
 */
@NullMarked
package dev.warren.node.store;

import org.jspecify.annotations.NullMarked;
