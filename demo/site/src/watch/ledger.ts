/**
 * The events that this page has sent and received, as one list.
 * @module
 */

/** Status of an event. `elsewhere` came from another visitor of the same project. */
export type Stage = "sent" | "taken" | "live" | "refused" | "elsewhere";

/** One event. */
export interface Entry {
  name: string;
  /** Epoch ms, by the sender's clock. */
  at: number;
  path: string | null;
  properties: Record<string, unknown> | null;
  stage: Stage;
  /** Ms from the event to its arrival in the live view. */
  tookMs?: number;
  place?: string;
}

const MAX_ENTRIES = 60;
const ORDER: Record<Stage, number> = { refused: 0, sent: 1, taken: 2, elsewhere: 3, live: 3 };

const entries = new Map<string, Entry>();
let changed: () => void = () => {};

/** Call back when the list has changed, at most once per frame. */
export function onChange(callback: () => void): void {
  let due = false;
  changed = () => {
    if (due) return;
    due = true;
    requestAnimationFrame(() => {
      due = false;
      callback();
    });
  };
}

/** Add an event, or update the status of a known one. Name and time together identify an event. */
export function note(entry: Entry): void {
  const key = `${entry.name} ${entry.at}`;
  const known = entries.get(key);
  if (!known) entries.set(key, entry);
  else if (ORDER[entry.stage] >= ORDER[known.stage]) {
    entries.set(key, { ...known, ...entry, stage: entry.stage === "elsewhere" ? "live" : entry.stage });
  } else return;
  const [oldest] = entries.keys();
  if (entries.size > MAX_ENTRIES && oldest) entries.delete(oldest);
  changed();
}

/** Newest first. */
export const newest = (): Entry[] => [...entries.values()].sort((a, b) => b.at - a.at);
