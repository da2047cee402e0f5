/**
 * A set of texts in bounded memory: 64 bits of a hash of each, in one typed array (open addressing). Two different texts
 * are taken for equal with a probability of n² / 2⁶⁵ among n texts: 0.0000002 for three million.
 * @module
 */

const FIRST_SLOTS = 64;
/** Most slots, of eight bytes: 24 MB. */
const MAX_SLOTS = 3_000_000;
/** Share of the slots that may be in use. */
const MAX_LOAD = 0.87;
/** Growth is a compromise: both arrays are in memory while texts move. */
const GROWTH = 1.6;
/** The hashes of an isolate cannot be predicted, so that nobody can choose texts that collide. */
const seed = new Uint32Array(2);

export class TextSet {
  /** Two words a slot; both zero when it is empty. */
  #slots: Uint32Array;
  #size = 0;
  #high = 0;
  #low = 0;

  /** `expected`: number of texts for which memory is reserved at once. */
  constructor(expected = 0) {
    if (!seed[0]) crypto.getRandomValues(seed);
    const slots = Math.ceil(expected / MAX_LOAD);
    this.#slots = new Uint32Array(2 * Math.min(MAX_SLOTS, Math.max(FIRST_SLOTS, slots)));
  }

  get size(): number {
    return this.#size;
  }

  /** Bytes in use. */
  get bytes(): number {
    return this.#slots.byteLength;
  }

  /** Adds a text. Returns false when it is in the set already. @throws RangeError when the set is full */
  add(text: string): boolean {
    this.#hash(text);
    if (!this.#put(this.#high, this.#low)) return false;
    if (++this.#size > MAX_LOAD * (this.#slots.length / 2)) this.#grow();
    return true;
  }

  #put(high: number, low: number): boolean {
    const slots = this.#slots;
    const count = slots.length / 2;
    let at = 2 * Math.floor((high / 2 ** 32) * count);
    while (slots[at] !== 0 || slots[at + 1] !== 0) {
      if (slots[at] === high && slots[at + 1] === low) return false;
      at += 2;
      if (at === slots.length) at = 0;
    }
    slots[at] = high;
    slots[at + 1] = low;
    return true;
  }

  #grow(): void {
    const before = this.#slots;
    if (before.length === 2 * MAX_SLOTS) throw new RangeError(`more than ${MAX_TEXTS} texts`);
    this.#slots = new Uint32Array(2 * Math.min(MAX_SLOTS, Math.ceil((before.length / 2) * GROWTH)));
    for (let at = 0; at < before.length; at += 2) {
      if (before[at] !== 0 || before[at + 1] !== 0) this.#put(before[at]!, before[at + 1]!);
    }
  }

  /** Two multiplicative hashes with different constants, mixed as in MurmurHash3. */
  #hash(text: string): void {
    let a = seed[0]!;
    let b = seed[1]!;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      a = Math.imul(a ^ code, 0x9e3779b1);
      a = (a << 13) | (a >>> 19);
      b = Math.imul(b ^ code, 0x5f356495);
      b = (b << 17) | (b >>> 15);
    }
    a ^= text.length;
    a = mixed(a ^ Math.imul(b, 0x85ebca6b));
    b = mixed(b ^ Math.imul(a, 0xc2b2ae35));
    this.#high = a >>> 0;
    // No hash may look like an empty slot.
    this.#low = (b | (a === 0 ? 1 : 0)) >>> 0;
  }
}

/** Most texts of a set. */
export const MAX_TEXTS = Math.floor(MAX_LOAD * MAX_SLOTS);

function mixed(value: number): number {
  let mix = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  mix = Math.imul(mix ^ (mix >>> 13), 0xc2b2ae35);
  return mix ^ (mix >>> 16);
}
