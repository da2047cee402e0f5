/**
 * One session id per browser tab, renewed after half an hour without an event.
 * @module
 */
import { random } from "./lib/random.ts";
import { load, save } from "./lib/storage.ts";

const KEY = "selvedge_s";
const IDLE_MS = 18e5;

/** The id of the session, which each call extends. Engagement reports time that has passed, so it never starts a new session. */
export const session = (renew: boolean): string => {
  const [id, last] = load(KEY).split(".");
  const now = Date.now();
  const current = id && !(renew && now - Number(last) > IDLE_MS) ? id : random();
  save(KEY, `${current}.${now}`);
  return current;
};

/** Start a new session with the next event. */
export const endSession = (): void => save(KEY, "");
