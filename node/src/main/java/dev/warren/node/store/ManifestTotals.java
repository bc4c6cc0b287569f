package dev.warren.node.store;

/**
 * How far a manifest has come.
 *
 * @param segments how many there are
 * @param listed whether the listing is whole
 * @param complete whether the manifest is
 * @param bytes of all files, as listed
 * @param chunks how many the segments name
 * @param endedFiles of which is known all that they consist of, or that they are gone
 * @param endedBytes what was found in those
 */
public record ManifestTotals(
    long segments,
    boolean listed,
    boolean complete,
    long entries,
    long files,
    long bytes,
    long chunks,
    long endedFiles,
    long endedBytes) {

  static final ManifestTotals NONE = new ManifestTotals(0, false, false, 0, 0, 0, 0, 0, 0);
}
