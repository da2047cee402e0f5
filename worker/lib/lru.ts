/**
 * A cache that evicts its least recently used entries. It lives in one isolate's memory.
 * @module
 */

/** Limits of a cache. Each one that is set applies. */
export interface LruOptions<K, V> {
  maxEntries?: number;
  /** Limit of the sum of `sizeOf`, in its unit (bytes, characters). An entry that exceeds it alone is not stored. */
  maxSize?: number;
  sizeOf?: (value: V, key: K) => number;
  /** Milliseconds after which an entry expires; `set` can override it for its entry. */
  maxAgeMs?: number;
}

interface Entry<V> {
  value: V;
  size: number;
  /** Epoch ms. */
  expiresAt: number;
}

/** Least-recently-used cache. `get`, `set` and `delete` are O(1). */
export class Lru<K, V> {
  /** In the order of use: the first is evicted next. */
  readonly #entries = new Map<K, Entry<V>>();
  readonly #loading = new Map<K, Promise<V>>();
  #totalSize = 0;
  /** The entry that is last in order already: repeated reads of one key need no reordering. */
  #latest: Entry<V> | undefined;

  constructor(readonly options: LruOptions<K, V>) {}

  /** Number of entries, including expired ones that have not been read since. */
  get size(): number {
    return this.#entries.size;
  }

  /** Sum of the entries' sizes. */
  get totalSize(): number {
    return this.#totalSize;
  }

  /** Returns the value and marks it as used; undefined when it is missing or expired at `now` (epoch ms). */
  get(key: K, now?: number): V | undefined {
    const entry = this.#entries.get(key);
    if (!entry) return undefined;
    // The clock is read only when an entry can expire.
    if (entry.expiresAt !== Infinity && entry.expiresAt <= (now ?? Date.now())) {
      this.delete(key);
      return undefined;
    }
    if (entry !== this.#latest) {
      this.#entries.delete(key);
      this.#entries.set(key, entry);
      this.#latest = entry;
    }
    return entry.value;
  }

  /** Stores a value as the most recently used one, then evicts down to the limits. */
  set(key: K, value: V, { maxAgeMs = this.options.maxAgeMs, now }: { maxAgeMs?: number; now?: number } = {}) {
    this.delete(key);
    const { maxEntries = Infinity, maxSize = Infinity, sizeOf } = this.options;
    const size = sizeOf?.(value, key) ?? 0;
    if (size > maxSize) return;
    const expiresAt = maxAgeMs === undefined ? Infinity : (now ?? Date.now()) + maxAgeMs;
    this.#latest = { value, size, expiresAt };
    this.#entries.set(key, this.#latest);
    this.#totalSize += size;
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= maxEntries && this.#totalSize <= maxSize) break;
      this.delete(oldest);
    }
  }

  /** Returns the cached value, or makes and stores it. */
  getOrCreate(key: K, create: (key: K) => V & {}): V {
    const known = this.get(key);
    if (known !== undefined) return known;
    const value = create(key);
    this.set(key, value);
    return value;
  }

  /** Returns whether there was an entry. */
  delete(key: K): boolean {
    this.#totalSize -= this.#entries.get(key)?.size ?? 0;
    return this.#entries.delete(key);
  }

  clear(): void {
    this.#entries.clear();
    this.#latest = undefined;
    this.#totalSize = 0;
  }

  /** Deletes all entries that satisfy `matches`. */
  deleteWhere(matches: (value: V, key: K) => boolean): void {
    for (const [key, { value }] of this.#entries) if (matches(value, key)) this.delete(key);
  }

  /**
   * Returns the cached value or loads it. Concurrent calls for a key share one load; a rejected load is not cached.
   * Share loads only where all callers belong to one request or one Durable Object: workerd does not let a request
   * wait on the input and output of another.
   */
  async load(key: K, read: () => Promise<V>): Promise<V> {
    const known = this.get(key);
    if (known !== undefined) return known;
    const loading = this.#loading.get(key);
    if (loading) return loading;
    const started = read();
    this.#loading.set(key, started);
    try {
      const value = await started;
      this.set(key, value);
      return value;
    } finally {
      this.#loading.delete(key);
    }
  }
}
