package dev.warren.node;

/**
 * How far a share has come.
 *
 * @param entries files, directories and links that were found
 * @param files those of them that are files
 * @param bytes of all files
 * @param listed whether these numbers are final
 * @param hashedFiles files that can be received
 * @param hashedBytes what is in them
 * @param hashed whether there is nothing more to hash
 * @param currentFile the one that is being hashed, empty if none is
 * @param sentBytes content that was sent, to all together
 */
public record SharingProgress(
    long entries,
    long files,
    long bytes,
    boolean listed,
    long hashedFiles,
    long hashedBytes,
    boolean hashed,
    String currentFile,
    long sentBytes) {}
