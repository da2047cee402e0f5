/**
 * Reading while segments are merged.
 * @module
 */
import { SegmentGoneError } from "../../../pipeline/lake";

/** Runs a read again, once, when a segment was merged away between reading the manifest and reading the object. */
export async function retryAfterMerge<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof SegmentGoneError) return read();
    throw error;
  }
}
