/**
 * Retries reads that collide with a merge of segments.
 * @module
 */
import { retry } from "../../lib/retry.ts";
import { SegmentGoneError } from "./segment.ts";

/** Runs a read again, once, when a segment was merged away between reading the manifest and reading the object. */
export function retryAfterMerge<T>(read: () => Promise<T>): Promise<T> {
  return retry(read, { attempts: 2, isRetryable: (error) => error instanceof SegmentGoneError });
}
