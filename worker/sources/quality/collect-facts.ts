/**
 * Gathers the facts about a source: what we keep, and what the vendor says of it.
 * @module
 */
import { localDate } from "../../lib/time";
import { findProject } from "../../tenancy/projects";
import {
  addDays,
  type Driver,
  dailyStateSchema,
  driverOf,
  SourceError,
  type StoredSource,
  type VendorClient,
} from "../connections";
import { AD_PLATFORMS, listRates, loadRates } from "../models";
import { dayRows, readCursors, type StreamCursor } from "../records";
import { comparedDays, countLists, type DailyUnit, fetchSample, fetchTotals } from "./ask";
import { emptyDays, quietDays, quietName } from "./checks/days";
import type { DailyFact, Facts, ListFact, PreviousResult } from "./facts";
import { profileDays } from "./profile-days";
import { missingRates } from "./rates";

/** How much is checked: `clock` stored state only, `sync` recent days, `day` everything including the vendor's totals. */
export type Depth = "clock" | "sync" | "day";

/** What facts are gathered from. */
export interface FactsInput {
  control: D1Database;
  /** The project's shard. */
  db: D1Database;
  source: StoredSource;
  /** How the vendor is asked; null when it cannot be, with the reason in `refused`. */
  session: VendorClient | null;
  refused: string | null;
  depth: Depth;
  before: ReadonlyMap<string, PreviousResult>;
  /** Epoch ms. */
  now: number;
}

/** Days looked into: two weeks after a sync, once a day eight weeks and some for comparison. */
const DAYS = { clock: 0, sync: 14, day: 64 };
const RESTATE_DAYS = 28;
/** Streams of accounts of which a day is asked again. */
const SAMPLES = 20;
const CURRENCY = "EUR";

/** The facts. @throws when storage fails; what the vendor refuses is a fact. */
export async function collectFacts(gathering: FactsInput): Promise<Facts> {
  const { control, db, source, session, depth, before, now } = gathering;
  const driver = session?.driver ?? driverOf(source);
  const stood = await readCursors(db, source.project_id, source.id);
  const none = { daily: [], lists: [], expected: null, rates: { currencies: [], missing: [] } };
  const facts = { now, source, driver, standings: stood, refused: gathering.refused, before };
  if (depth === "clock") return { ...facts, ...none };
  const asked = await dailyUnits(db, source, driver, stood, now);
  const { refused, answers, lists } = await queryVendor(gathering, asked);
  const currency = (await findProject(control, source.project_id))?.settings.currency ?? CURRENCY;
  const rates = missingRates(await listRates(control), source, currency, asked, localDate(now, "UTC"));
  const first = asked.map(({ today }) => addDays(today, -DAYS[depth])).sort()[0] ?? "";
  const converting = await loadRates(control, [...rates.currencies, currency], first, localDate(now, "UTC"));
  const platform = AD_PLATFORMS[source.driver];
  const looked = await profileDays(
    { db, source, platform, rates: converting, currency, back: DAYS[depth] },
    asked,
    answers.map(({ said }) => said),
  );
  const daily = asked.map((own, i): DailyFact => {
    const { stream, account, ...rest } = own;
    const days = looked.days[i] ?? [];
    return { ...rest, stream: stream.name, account: account.id, days, ...(answers[i] ?? NOT_QUERIED) };
  });
  return { ...facts, daily, lists, expected: looked.expected, rates, refused };
}

/** The streams that report by day and have been read whole, of each account that is chosen. */
async function dailyUnits(
  db: D1Database,
  source: StoredSource,
  driver: Driver,
  stood: readonly StreamCursor[],
  now: number,
): Promise<DailyUnit[]> {
  const accounts = source.accounts.filter(({ selected }) => selected);
  const units: DailyUnit[] = [];
  for (const stream of driver.streams.filter(({ mode }) => mode === "daily")) {
    const name = { project: source.project_id, source: source.id, stream: stream.name };
    const held = Map.groupBy(await dayRows(db, name), ({ account }) => account);
    for (const account of accounts) {
      const own = stood.find((each) => each.stream === stream.name && each.account === account.id);
      if (!own || own.complete_until === null) continue;
      units.push({
        stream,
        account,
        today: localDate(now, account.timezone ?? "UTC"),
        restateDays: stream.restateDays ?? RESTATE_DAYS,
        rowsByDay: new Map((held.get(account.id) ?? []).map(({ day, rows }) => [day, rows])),
        readAt: readTimes(own),
        isAds: AD_PLATFORMS[source.driver]?.ads.stream === stream.name,
      });
    }
  }
  return units;
}

/** When days were read. A state that belongs to a generation which nobody sees yet says nothing. */
function readTimes({ state, building }: StreamCursor): DailyFact["readAt"] {
  const { covered = [] } = (building === null ? dailyStateSchema.safeParse(state).data : undefined) ?? {};
  return (day) => covered.find(({ from, to }) => from <= day && day <= to)?.read_at ?? null;
}

type Answer = Pick<DailyFact, "said" | "sample">;
const NOT_QUERIED: Answer = { said: null, sample: null };

/** Asks what the depth takes: after a sync only about empty days that nobody has explained. */
async function queryVendor(
  { session, depth, before, refused, db, source }: FactsInput,
  asked: readonly DailyUnit[],
): Promise<{ refused: string | null; answers: Answer[]; lists: ListFact[] }> {
  const answers: Answer[] = asked.map(() => NOT_QUERIED);
  if (session === null) return { refused, answers, lists: [] };
  const known = quietDays(before.get("gaps"));
  try {
    for (const [i, own] of asked.entries()) {
      const empty = emptyDays(own).filter(
        (day) => !known.has(quietName(own.stream.name, own.account.id, day)),
      );
      const range = rangeOf(depth === "day" ? comparedDays(own) : null, own.isAds ? empty : []);
      const said = range && (await fetchTotals(session, own, range));
      const sample = depth === "day" && i < SAMPLES ? await fetchSample(session, own) : null;
      answers[i] = { said, sample };
    }
    const lists = depth === "day" ? await countLists(db, source, session) : [];
    return { refused: null, answers, lists };
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    return { refused: error.message, answers, lists: [] };
  }
}

/** From the first to the last of what is asked about. */
function rangeOf(range: { from: string; to: string } | null, days: readonly string[]) {
  const all = [...(range ? [range.from, range.to] : []), ...days].sort();
  const [from, to] = [all[0], all.at(-1)];
  return from === undefined || to === undefined ? null : { from, to };
}
