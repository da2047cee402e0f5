/**
 * A part of an R2 bucket.
 * @module
 */

/** The methods that can be called on a part of a bucket. */
type Part = Pick<R2Bucket, "head" | "get" | "put" | "delete" | "list">;

const parts = new WeakMap<R2Bucket, Map<string, R2Bucket>>();

/**
 * The objects of a bucket whose keys start with `prefix`, under keys without it. Other methods than `head`, `get`, `put`,
 * `delete` and `list` are missing. Returned objects have the full key, those of `list` the short one.
 */
export function bucketUnder(bucket: R2Bucket, prefix: string): R2Bucket {
  const known = parts.get(bucket) ?? new Map<string, R2Bucket>();
  parts.set(bucket, known);
  const made = known.get(prefix) ?? makePart(bucket, prefix);
  known.set(prefix, made);
  return made;
}

function makePart(bucket: R2Bucket, prefix: string): R2Bucket {
  const part: Part = {
    head: (key) => bucket.head(prefix + key),
    get: ((key: string, options?: R2GetOptions) => bucket.get(prefix + key, options)) as R2Bucket["get"],
    put: ((key: string, value: ArrayBuffer, options?: R2PutOptions) =>
      bucket.put(prefix + key, value, options)) as R2Bucket["put"],
    delete: (keys) =>
      bucket.delete(typeof keys === "string" ? prefix + keys : keys.map((key) => prefix + key)),
    list: async (options) => {
      const page = await bucket.list({ ...options, prefix: prefix + (options?.prefix ?? "") });
      const short = (object: R2Object) =>
        new Proxy(object, {
          get: (target, name) =>
            name === "key" ? target.key.slice(prefix.length) : Reflect.get(target, name),
        });
      return { ...page, objects: page.objects.map(short) };
    },
  };
  return new Proxy(bucket, { get: (_, name) => Reflect.get(part, name) });
}
