/**
 * R2 buckets for benchmarks outside workerd: in memory, and in a folder where its objects are not part of the heap.
 * @module
 */
import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

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

/** Gets and puts only, in a temporary folder that the process removes when it exits. */
export function folderBucket(): R2Bucket {
  const folder = mkdtempSync(path.join(tmpdir(), "selvedge-bench-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  const fileOf = (key: string) => path.join(folder, key.replaceAll("/", "_"));
  const bucket = {
    put: async (key: string, value: Uint8Array) => {
      writeFileSync(fileOf(key), value);
      return null;
    },
    get: async (key: string, options?: { range?: { offset: number; length: number } }) => {
      const file = fileOf(key);
      if (!existsSync(file)) return null;
      const { offset, length } = options?.range ?? { offset: 0, length: statSync(file).size };
      return { arrayBuffer: async () => readBytes(file, offset, length) };
    },
  };
  return bucket as unknown as R2Bucket;
}

function readBytes(file: string, offset: number, length: number): ArrayBuffer {
  const bytes = new Uint8Array(length);
  const opened = openSync(file, "r");
  readSync(opened, bytes, 0, length, offset);
  closeSync(opened);
  return bytes.buffer;
}
