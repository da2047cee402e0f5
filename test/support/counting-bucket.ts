/**
 * An R2 bucket that counts its calls, so that a test can assert the cost of an operation.
 * @module
 */

/** Calls since the start or the last `reset`. */
export interface BucketCounts {
  gets: number;
  puts: number;
  deletes: number;
  lists: number;
  /** Bytes requested by ranged gets, or the object's size. */
  bytesRead: number;
  /** Most gets pending at the same time. */
  mostGetsAtOnce: number;
}

export interface CountingBucket {
  bucket: R2Bucket;
  counts: BucketCounts;
  reset(): void;
}

const zero = (): BucketCounts => ({
  gets: 0,
  puts: 0,
  deletes: 0,
  lists: 0,
  bytesRead: 0,
  mostGetsAtOnce: 0,
});

/** Wraps a bucket. `fail(call)`, called with a running number from 0, makes that call throw instead. */
export function countingBucket(
  inner: R2Bucket,
  fail: (call: number) => boolean = () => false,
): CountingBucket {
  const counts = zero();
  let call = 0;
  let waiting = 0;
  const before = () => {
    if (fail(call++)) throw new Error(`storage call ${call - 1} failed`);
  };
  const get = async (key: string, options?: R2GetOptions) => {
    before();
    counts.gets++;
    counts.mostGetsAtOnce = Math.max(counts.mostGetsAtOnce, ++waiting);
    try {
      const object = await inner.get(key, options);
      const range = options?.range;
      const ranged = range && "length" in range ? range.length : undefined;
      counts.bytesRead += object ? (ranged ?? object.size) : 0;
      return object;
    } finally {
      waiting--;
    }
  };
  const counted: Partial<R2Bucket> = {
    get: get as R2Bucket["get"],
    put: ((...args: Parameters<R2Bucket["put"]>) => {
      before();
      counts.puts++;
      return inner.put(...args);
    }) as R2Bucket["put"],
    delete: (keys) => {
      before();
      counts.deletes++;
      return inner.delete(keys);
    },
    list: (options) => {
      before();
      counts.lists++;
      return inner.list(options);
    },
  };
  const bucket = new Proxy(inner, {
    get: (target, name) => {
      const own = Reflect.get(counted, name);
      if (own) return own;
      const value = Reflect.get(target, name);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  return { bucket, counts, reset: () => Object.assign(counts, zero()) };
}
