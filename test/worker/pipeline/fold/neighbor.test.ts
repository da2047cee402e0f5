/** What a project with extreme events costs its innocent neighbor in the shard, in calls and rounds instead of time. */
import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import type { Message } from "../../../../schema/wire/message";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../../../worker/lib/time";
import { commit } from "../../../../worker/pipeline/queue";
import { makeAccount } from "../../../support/client";
import { LAKE } from "../../../support/lake";
import { type Calls, callsSoFar, uncounted } from "../../../support/limits/invocation";
import { recordingQueue } from "../../../support/recording-queue";

type Raw = Record<string, unknown>;
/** Requests of the attacker, each an array of events. `isImport`: with a token, of any past time. */
interface Attack {
  name: string;
  requests: (now: number) => Raw[][];
  isImport?: boolean;
  zone?: string;
}

const stores = { db: env.SHARD_0, lake: LAKE };
const folder = env.FOLDER.get(env.FOLDER.idFromName("neighbor"));
const { queue, messages } = recordingQueue();
const bindings: Env = { ...env, EVENTS: queue };
/** Queries that write 10,000 rows in statements of 500 KB. */
const QUERIES = 40;
let account: Awaited<ReturnType<typeof makeAccount>>;

beforeAll(async () => {
  account = await makeAccount();
});

async function newProject(name: string, timezone = "UTC"): Promise<{ id: string; api_key: string }> {
  const { token } = account;
  const { data } = await account.call("POST", "/api/v1/projects", { token, body: { name, timezone } });
  return data;
}

/** Sends a request; every event must be accepted. */
async function send(
  project: { id: string; api_key: string },
  events: Raw[],
  isImport = false,
): Promise<void> {
  const path = isImport ? `/api/v1/projects/${project.id}/import` : "/api/v1/events/ingest";
  const headers = { "x-api-key": project.api_key, "user-agent": "curl/8" };
  const options = isImport ? { token: account.token } : { headers };
  const { data } = await account.call("POST", path, { ...options, body: { events }, bindings });
  expect(data).toMatchObject({ accepted: events.length, rejected: [] });
}

/** Commits what was sent, in deliveries of at most a hundred messages. Returns their number. */
async function deliver(): Promise<number> {
  const sent: Message[] = messages.splice(0);
  for (let at = 0; at < sent.length; at += 100) await commit(stores, sent.slice(at, at + 100), Date.now());
  return Math.ceil(sent.length / 100);
}

interface Lag extends Calls {
  rounds: number;
}

/** Rounds of the folder, and calls of the last one, until the project is folded. */
async function lagOf(project: string): Promise<Lag> {
  let lag: Calls | undefined;
  const isFolded = async () =>
    (await stores.db
      .prepare("SELECT 1 FROM fold_state WHERE project = ?1 AND seq >= (SELECT max(seq) FROM commits)")
      .bind(project)
      .first()) !== null;
  const watched = new Proxy(env.SHARD_0, {
    get(db, name) {
      if (name !== "batch") return (Reflect.get(db, name) as () => unknown).bind(db);
      return async (statements: D1PreparedStatement[]) => {
        const results = await db.batch(statements);
        if (!lag && (await uncounted(isFolded))) lag = callsSoFar();
        return results;
      };
    },
  });
  await runInDurableObject(folder, (instance) =>
    Object.defineProperty(instance, "env", { value: { ...env, SHARD_0: watched }, configurable: true }),
  );
  for (let rounds = 1; ; rounds++) {
    await round();
    if (lag) return { ...lag, rounds };
    expect(rounds).toBeLessThan(20);
  }
}

async function round(): Promise<void> {
  await runInDurableObject(folder, (_, { storage }) => storage.setAlarm(Date.now()));
  await runDurableObjectAlarm(folder);
  const stored = await runInDurableObject(folder, (_, { storage }) => storage.list());
  expect([...stored].filter(([key]) => key.startsWith("failed"))).toEqual([]);
}

async function settle(): Promise<void> {
  for (let rounds = 0; rounds < 20; rounds++) {
    if (!(await stores.db.prepare("SELECT 1 FROM dirty_days").first())) return;
    await stores.db.prepare("UPDATE derived_days SET derived_at = 0").run();
    await round();
  }
  expect.fail("days are not derived");
}

async function ask(project: string, query: object) {
  const body = { dataset: "events", metrics: ["events"], ...query };
  const { data } = await account.call("POST", `/api/v1/query/${project}`, { token: account.token, body });
  return data;
}

/** Every line of the breakdown by path is exact or has a bound, and all events are in it. */
async function expectRight(project: string, events: readonly Raw[], from: number): Promise<void> {
  const range = { from: new Date(from).toISOString(), to: new Date(Date.now() + HOUR_MS).toISOString() };
  expect(await ask(project, { range })).toMatchObject({ rows: [[events.length]] });
  const found = await ask(project, { range, dimensions: ["event:path"], limit: 10_000 });
  const truth = Map.groupBy(events, (event) => new URL(String(event.page_url)).pathname.slice(0, 1024));
  let sum = 0;
  for (const [i, [path, count]] of found.rows.entries()) {
    sum += count;
    if (path === "(other)") continue;
    const exact = truth.get(path)?.length ?? 0;
    expect(count).toBeLessThanOrEqual(exact);
    expect(count + (found.bounds?.[i]?.events ?? 0)).toBeGreaterThanOrEqual(exact);
  }
  expect(sum).toBe(events.length);
}

const view = (path: string | number, more: Raw = {}): Raw => ({
  event: "page_view",
  page_url: `https://shop.example/${path}`,
  ...more,
});
const many = (requests: number, events: number, of: (i: number) => Raw): Raw[][] =>
  Array.from({ length: requests }, (_, r) => Array.from({ length: events }, (_, i) => of(r * events + i)));

/** A text that compression makes only half as long. */
function random(length: number): string {
  const bytes = Array.from({ length: length / 2 }, () => Math.floor(Math.random() * 256));
  return bytes.map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

const WORDS = ["__proto__", "constructor", "toString", "hasOwnProperty", "valueOf", "(other)", "null", ""];
/** Clocks change at midnight, by half an hour, and back at midnight. */
const CHANGES: [zone: string, at: string][] = [
  ["Africa/Cairo", "2026-04-24T00:00:00Z"],
  ["Australia/Lord_Howe", "2026-10-03T15:30:00Z"],
  ["America/Santiago", "2026-04-05T03:00:00Z"],
  ["America/New_York", "2026-11-01T06:00:00Z"],
];

const ATTACKS: Attack[] = [
  {
    name: "paths of 1,000 characters",
    requests: () => many(10, 500, (i) => view(`${i}-${random(1000)}`)),
  },
  {
    name: "8,000 long ids",
    requests: () =>
      many(16, 500, (i) =>
        view(i % 9, {
          event: i % 3 ? "page_view" : "$identify",
          distinct_id: `${i}`.padStart(255, "u"),
          session_id: `${i}`.padStart(64, "s"),
          event_id: `${i}`.padStart(64, "e"),
        }),
      ),
  },
  {
    name: "an event of 1970 in a day of thousands",
    isImport: true,
    requests: (now) => many(6, 500, (i) => view(i % 7, { timestamp: i === 700 ? 1000 : now - i * 1000 })),
  },
  { name: "6,000 paths", requests: () => many(12, 500, (i) => view(`p${i}`)) },
  {
    name: "properties of 32 KB",
    requests: () => many(20, 25, (i) => view(i % 5, { properties: { text: random(32_000) } })),
  },
  {
    name: "names of JavaScript",
    requests: () =>
      many(2, 200, (i) => {
        const word = WORDS[i % WORDS.length]!;
        const id = word || undefined;
        return view(word, {
          event: word || "page_view",
          distinct_id: id,
          session_id: id,
          event_id: `${word}-${i}`,
          properties: JSON.parse(`{${JSON.stringify(word)}: 1, "__proto__": {"polluted": true}}`),
        });
      }),
  },
  ...CHANGES.map(([zone, at]) => ({
    name: `the days around a change of the clocks in ${zone}`,
    zone,
    isImport: true,
    requests: () =>
      many(1, 300, (i) => view(i % 3, { timestamp: Date.parse(at) - 2 * DAY_MS + i * 20 * MINUTE_MS })),
  })),
];

describe.each(ATTACKS)("a neighbor that sends $name", ({ requests, isImport, zone }) => {
  it("costs no more than another round's calls, and the numbers of both are right", async () => {
    const now = Date.now();
    const hostile = await newProject("Hostile", zone);
    const innocent = await newProject("Innocent", zone);
    const own = many(1, 40, (i) => view(i % 4, { distinct_id: `person-${i % 10}` }))[0]!;
    await send(innocent, own);
    await deliver();
    const quiet = await lagOf(innocent.id);

    const attack = requests(now);
    for (const events of attack) await send(hostile, events, isImport);
    await send(innocent, own);
    const deliveries = await deliver();
    const attacked = await lagOf(innocent.id);
    expect(attacked.rounds).toBeLessThanOrEqual(2 * quiet.rounds);
    expect(attacked.trips).toBeLessThanOrEqual(2 * quiet.trips);
    expect(attacked.queries).toBeLessThanOrEqual(QUERIES);
    expect(attacked.objects).toBeLessThanOrEqual(2 * quiet.objects * deliveries);
    await expectRight(innocent.id, [...own, ...own], now - DAY_MS);
    await settle();
    await expectRight(innocent.id, [...own, ...own], now - DAY_MS);
    await expectRight(hostile.id, attack.flat(), 0);
    expect(({} as { polluted?: true }).polluted).toBeUndefined();
  }, 120_000);
});
