/**
 * Reads whose responses may be incomplete, or change between the pages.
 * @module
 */
import { retryWhileNull } from "../../lib/retry";
import { SourceError } from "../vendor/driver";

/**
 * Reads until the result is consistent; `read` returns null when it is not.
 * @throws SourceError `unavailable` with `failure` as its text when the attempts are used up.
 */
export async function readConsistent<T>(
  { attempts, failure }: { attempts: number; failure: string },
  read: () => Promise<T | null>,
): Promise<T> {
  const result = await retryWhileNull(attempts, read);
  if (result === null) throw new SourceError("unavailable", failure);
  return result;
}
