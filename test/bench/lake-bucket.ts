/**
 * An R2 bucket in memory, for benchmarks outside workerd.
 * @module
 */

/** Gets and puts only; ranges are copied, as the network would. */
export function memoryBucket(): { bucket: R2Bucket; objects: Map<string, Uint8Array> } {
  const objects = new Map<string, Uint8Array>();
  const bucket = {
    put: async (key: string, value: Uint8Array) => {
      objects.set(key, value.slice());
      return null;
    },
    get: async (key: string, options?: { range?: { offset: number; length: number } }) => {
      const bytes = objects.get(key);
      if (!bytes) return null;
      const { offset, length } = options?.range ?? { offset: 0, length: bytes.length };
      return { arrayBuffer: async () => bytes.slice(offset, offset + length).buffer };
    },
  };
  return { bucket: bucket as unknown as R2Bucket, objects };
}
