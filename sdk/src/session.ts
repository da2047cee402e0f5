/**
 * One id a browser tab, renewed after half an hour without an event.
 * @module
 */
import { random } from "./lib/random.ts";
import { load, save } from "./lib/storage.ts";

const KEY = "selvedge_s";
const IDLE_MS = 18e5;

/** The id of the session; touching it keeps it alive. Engagement reports what has ended, so it never starts a new session. */
export const session = (renew: boolean): string => {
  const [id, last] = load(KEY).split(".");
  const now = Date.now();
  const current = id && !(renew && now - Number(last) > IDLE_MS) ? id : random();
  save(KEY, `${current}.${now}`);
  return current;
};

/** The next event begins a new session. */
export const endSession = (): void => save(KEY, "");
