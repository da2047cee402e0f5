/**
 * Page sizes: Meta rejects a page that is too large for one response, and a smaller one is requested instead.
 * @module
 */
import type { SourceError } from "../../vendor/driver";

/** Initial number of objects per page. */
export const LARGEST_PAGE = 500;
const SMALLEST_PAGE = 25;

/** Returns the size after `limit` was refused as too much. @throws the refusal when no smaller size is left. */
export function smallerPage(limit: number, refusal: SourceError): number {
  if (limit <= SMALLEST_PAGE) throw refusal;
  return Math.max(SMALLEST_PAGE, Math.floor(limit / 4));
}
