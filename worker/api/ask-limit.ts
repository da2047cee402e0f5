/**
 * Limits of asking, for each member or public link and for each organization: questions that run at the same time, and
 * what they cost in a minute. They are counted in each isolate, because its one thread is what all tenants share; the
 * platform's limiter counts requests, of which one may cost a thousand times another.
 * @module
 */
import { Lru } from "../lib/lru";
import { MINUTE_MS } from "../lib/time";
import { problem } from "./errors";

/** Who asks. `by`: a member or a public link. */
export interface Asker {
  by: string;
  organization: string;
}

/** Questions of one member or link that run at the same time, and how many times as many of an organization. */
const MAX_RUNNING = 8;
const ORGANIZATION_FACTOR = 3;
/** Cost of a question besides what it reads. */
const QUESTION_BYTES = 2 ** 20;
/** Most members, links and organizations in memory. */
const REMEMBERED = 10_000;

interface State {
  running: number;
  /** Bytes in the minute. */
  spent: number;
  /** Minutes since 1970. */
  minute: number;
}

const states = new Lru<string, State>({ maxEntries: REMEMBERED });

/**
 * Runs a question. `run` reports the bytes that it reads and processes (`plan/cost.ts`). Refuses with 429 and
 * `Retry-After` when the member, link or organization has too many questions running, or has spent
 * `megabytesAMinute` (an organization three times as much) within the minute of `now` (epoch ms).
 */
export async function limitAsking<T>(
  { by, organization }: Asker,
  { megabytesAMinute, now }: { megabytesAMinute: number; now: number },
  run: (charge: (bytes: number) => void) => Promise<T>,
): Promise<T> {
  const most = megabytesAMinute * 2 ** 20;
  const own = stateOf(by, now);
  const shared = stateOf(`organization ${organization}`, now);
  demand(own, "You have", MAX_RUNNING, most, now);
  demand(shared, "Your organization has", MAX_RUNNING * ORGANIZATION_FACTOR, most * ORGANIZATION_FACTOR, now);
  const both = [own, shared];
  const charge = (bytes: number) => {
    for (const state of both) state.spent += bytes;
  };
  charge(QUESTION_BYTES);
  for (const state of both) state.running++;
  try {
    return await run(charge);
  } finally {
    for (const state of both) state.running--;
  }
}

function stateOf(key: string, now: number): State {
  const minute = Math.floor(now / MINUTE_MS);
  const state = states.getOrCreate(key, () => ({ running: 0, spent: 0, minute }));
  if (state.minute !== minute) Object.assign(state, { spent: 0, minute });
  return state;
}

function demand(state: State, who: string, running: number, bytes: number, now: number): void {
  if (state.running >= running) {
    const detail = `${who} ${running} questions running: wait for one of them`;
    problem("rate_limited", detail, undefined, { "retry-after": "1" });
  }
  if (state.spent < bytes) return;
  const rest = Math.ceil((MINUTE_MS - (now % MINUTE_MS)) / 1000);
  const detail = `${who} read all data that is allowed in a minute: wait ${rest} s, or narrow the questions`;
  problem("rate_limited", detail, undefined, { "retry-after": String(rest) });
}
