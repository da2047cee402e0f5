/**
 * Sessions as bodies of pages, bounded by sessions and by bytes.
 * @module
 */
import { PAGE_SESSIONS, type Place, packSessions, type Session } from "../rollup";

/** Characters of a body, unless it has one session. Pages are read many at a time. */
const PAGE_CHARS = 400_000;
/** A page with as many characters is not merged with those after it: a page that was halved has more. */
export const FULL_CHARS = PAGE_CHARS / 4;
/** Places that a page replaces, about 10 characters each. */
const PAGE_PLACES = 20_000;

/** Bodies with these sessions, which replace `places` on earlier pages. None when there is neither. */
export function bodiesOf(sessions: readonly Session[], places: readonly Place[] = []): string[] {
  const count = Math.max(Math.ceil(sessions.length / PAGE_SESSIONS), Math.ceil(places.length / PAGE_PLACES));
  return Array.from({ length: count }, (_, i) =>
    fitting(
      sessions.slice(i * PAGE_SESSIONS, (i + 1) * PAGE_SESSIONS),
      places.slice(i * PAGE_PLACES, (i + 1) * PAGE_PLACES),
    ),
  ).flat();
}

/** Halves while a body is too large. */
function fitting(sessions: readonly Session[], places: readonly Place[]): string[] {
  const body = packSessions(sessions, places);
  if (sessions.length <= 1 || body.length <= PAGE_CHARS) return [body];
  const middle = sessions.length >> 1;
  return [...fitting(sessions.slice(0, middle), places), ...fitting(sessions.slice(middle), [])];
}
