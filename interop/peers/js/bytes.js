// Reading from and writing to streams, with flow control in both directions.

// A stream is paused while more than this waits to be read.
const HIGH_WATER = 256 << 10
const LOW_WATER = 64 << 10

/** Reads a stream's bytes in order. */
export class Reader {
  #stream
  #chunks = []
  #queued = 0
  #error
  #wake
  #resuming = false

  constructor (stream) {
    this.#stream = stream
    stream.addEventListener('message', ({ data }) => {
      // A list of arrays or one array.
      this.#chunks.push(...(data instanceof Uint8Array ? [data] : data))
      this.#queued += data.byteLength
      this.#pauseWhenFull()
      this.#wake?.()
    })
    stream.addEventListener('end', () => this.#wake?.())
    stream.addEventListener('close', ({ error }) => {
      this.#error = error
      this.#wake?.()
    })
  }

  /** The next bytes; null at the end; throws when the stream was reset. */
  async read () {
    while (this.#chunks.length === 0) {
      if (this.#error != null) {
        throw this.#error
      }
      if (this.#stream.readableEnded && this.#stream.readBufferLength === 0) {
        return null
      }
      if (this.#stream.status === 'reset' || this.#stream.status === 'aborted') {
        throw new Error(`the stream was ${this.#stream.status}`)
      }
      await new Promise(resolve => { this.#wake = resolve })
    }
    const chunk = this.#chunks.shift()
    this.#queued -= chunk.byteLength
    if (this.#queued < LOW_WATER && this.#stream.readStatus === 'paused') {
      this.#resume()
    }
    return chunk
  }

  #pauseWhenFull () {
    if (!this.#resuming && this.#queued > HIGH_WATER && this.#stream.readStatus === 'readable') {
      this.#stream.pause()
    }
  }

  // A stream that resumes first delivers what has waited and then opens its
  // window. A pause in between would leave it paused with an open window, until
  // its buffer overflows and it is reset.
  #resume () {
    this.#resuming = true
    this.#stream.resume()
    this.#resuming = false
    this.#pauseWhenFull()
  }

  /** Exactly this many bytes. */
  async readExactly (count) {
    const result = new Uint8Array(count)
    let have = 0
    while (have < count) {
      const chunk = await this.read()
      if (chunk == null) {
        throw new Error(`the stream ended after ${have} of ${count} bytes`)
      }
      const taken = chunk.subarray(0, count - have)
      result.set(taken, have)
      have += taken.byteLength
      this.#putBack(chunk.subarray(taken.byteLength))
    }
    return result
  }

  #putBack (chunk) {
    if (chunk.byteLength > 0) {
      this.#chunks.unshift(chunk)
      this.#queued += chunk.byteLength
    }
  }

  /** Gives every chunk up to the end to a function; gives their length. */
  async forEach (use) {
    let count = 0
    for (let chunk = await this.read(); chunk != null; chunk = await this.read()) {
      count += chunk.byteLength
      await use(chunk)
    }
    return count
  }
}

/**
 * Writes bytes and waits while the stream takes no more.
 *
 * The stream's own onDrain() does not wait a second time: it keeps the promise
 * of the first drain.
 */
export async function write (stream, bytes) {
  if (stream.send(bytes) || !stream.writableNeedsDrain) {
    return
  }
  await new Promise((resolve, reject) => {
    const drained = () => {
      stream.removeEventListener('close', closed)
      resolve()
    }
    const closed = ({ error }) => {
      stream.removeEventListener('drain', drained)
      reject(error ?? new Error('the stream closed while it was written'))
    }
    stream.addEventListener('drain', drained, { once: true })
    stream.addEventListener('close', closed, { once: true })
  })
}

export const CHUNK = 128 << 10
const ZEROS = new Uint8Array(CHUNK)

export async function writeZeros (stream, count) {
  for (; count > 0; count -= CHUNK) {
    await write(stream, count < CHUNK ? ZEROS.subarray(0, count) : ZEROS)
  }
}

/** A number as 8 bytes, big-endian, and back. */
export function uint64 (number) {
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(number))
  return bytes
}

export function fromUint64 (bytes) {
  return Number(new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0))
}

/** A source of deterministic pseudo-random chunks (xorshift32). */
export class Random {
  #state

  constructor (seed) {
    this.#state = (seed >>> 0) || 1
  }

  /** A new array each time, because streams keep what they are given. */
  chunk (count) {
    const words = new Uint32Array(Math.ceil(count / 4))
    let x = this.#state
    for (let i = 0; i < words.length; i++) {
      x ^= x << 13
      x ^= x >>> 17
      x ^= x << 5
      words[i] = x
    }
    this.#state = x
    return new Uint8Array(words.buffer, 0, count)
  }
}
