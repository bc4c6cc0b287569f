/**
 * Every code that a person can paste, as values: words, tickets and the legacy form.
 *
 * <p>{@link dev.warren.sharecodes.ShareCode#parse} reads them all. Nothing here does I/O but load
 * the list of words. The formats are specified in {@code docs/protocols/share-codes.md}.
 *
 * <p>NOTICE: half of the words in {@code words.txt} are also in the English list of BIP-39, from
 * which they were taken: python-mnemonic, Copyright (c) 2013-2016 Pavol Rusnak, MIT License
 * ("Permission is hereby granted, free of charge, to any person obtaining a copy of this software
 * and associated documentation files, to deal in the Software without restriction"; the software is
 * provided "as is", without warranty of any kind). The list is not that of BIP-39, and a code is no
 * wallet's seed.
 */
@NullMarked
package dev.warren.sharecodes;

import org.jspecify.annotations.NullMarked;
