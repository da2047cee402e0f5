/**
 * Collects the facts about a source: what is stored, and what the vendor reports.
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
import { emptyDays, explainedDays, explainedName } from "./checks/days";
import type { DailyFact, Facts, ListFact, PreviousResult } from "./facts";
import { profileDays } from "./profile-days";
import { missingRates } from "./rates";

/** Depth of a check: `clock` stored state only, `sync` recent days, `day` everything including the vendor's totals. */
export type Depth = "clock" | "sync" | "day";

/** The input. */
export interface FactsInput {
  control: D1Database;
  /** The project's shard. */
  db: D1Database;
  source: StoredSource;
  /** The client of the vendor; null when there is none, with the reason in `refused`. */
  session: VendorClient | null;
  refused: string | null;
  depth: Depth;
  before: ReadonlyMap<string, PreviousResult>;
  /** Epoch ms. */
  now: number;
}

/** Days whose rows are read: two weeks after a sync; once a day eight weeks and additional days for comparison. */
const DAYS = { clock: 0, sync: 14, day: 64 };
const RESTATE_DAYS = 28;
/** Maximum number of streams with a day that is queried again. */
const SAMPLES = 20;
const CURRENCY = "EUR";

/** Collects the facts. @throws when storage fails; an error of the vendor is a fact. */
export async function collectFacts(input: FactsInput): Promise<Facts> {
  const { control, db, source, session, depth, before, now } = input;
  const driver = session?.driver ?? driverOf(source);
  const cursors = await readCursors(db, source.project_id, source.id);
  const none = { daily: [], lists: [], expected: null, rates: { currencies: [], missing: [] } };
  const facts = { now, source, driver, cursors, refused: input.refused, before };
  if (depth === "clock") return { ...facts, ...none };
  const units = await dailyUnits(db, source, driver, cursors, now);
  const { refused, answers, lists } = await queryVendor(input, units);
  const currency = (await findProject(control, source.project_id))?.settings.currency ?? CURRENCY;
  const rates = missingRates(await listRates(control), source, currency, units, localDate(now, "UTC"));
  const first = units.map(({ today }) => addDays(today, -DAYS[depth])).sort()[0] ?? "";
  const converting = await loadRates(control, [...rates.currencies, currency], first, localDate(now, "UTC"));
  const platform = AD_PLATFORMS[source.driver];
  const profile = await profileDays(
    { db, source, platform, rates: converting, currency, back: DAYS[depth] },
    units,
    answers.map(({ reported }) => reported),
  );
  const daily = units.map((own, i): DailyFact => {
    const { stream, account, ...rest } = own;
    const days = profile.days[i] ?? [];
    return { ...rest, stream: stream.name, account: account.id, days, ...(answers[i] ?? NOT_QUERIED) };
  });
  return { ...facts, daily, lists, expected: profile.expected, rates, refused };
}

/** The daily streams of selected accounts that have been read completely. */
async function dailyUnits(
  db: D1Database,
  source: StoredSource,
  driver: Driver,
  cursors: readonly StreamCursor[],
  now: number,
): Promise<DailyUnit[]> {
  const accounts = source.accounts.filter(({ selected }) => selected);
  const units: DailyUnit[] = [];
  for (const stream of driver.streams.filter(({ mode }) => mode === "daily")) {
    const name = { project: source.project_id, source: source.id, stream: stream.name };
    const held = Map.groupBy(await dayRows(db, name), ({ account }) => account);
    for (const account of accounts) {
      const own = cursors.find((each) => each.stream === stream.name && each.account === account.id);
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

/** Returns when days were read. The state of a generation that is still being built does not count. */
function readTimes({ state, building }: StreamCursor): DailyFact["readAt"] {
  const { covered = [] } = (building === null ? dailyStateSchema.safeParse(state).data : undefined) ?? {};
  return (day) => covered.find(({ from, to }) => from <= day && day <= to)?.read_at ?? null;
}

type Answer = Pick<DailyFact, "reported" | "sample">;
const NOT_QUERIED: Answer = { reported: null, sample: null };

/** Queries the vendor as the depth requires: after a sync only about empty days without an explanation. */
async function queryVendor(
  { session, depth, before, refused, db, source }: FactsInput,
  units: readonly DailyUnit[],
): Promise<{ refused: string | null; answers: Answer[]; lists: ListFact[] }> {
  const answers: Answer[] = units.map(() => NOT_QUERIED);
  if (session === null) return { refused, answers, lists: [] };
  const known = explainedDays(before.get("gaps"));
  try {
    for (const [i, own] of units.entries()) {
      const empty = emptyDays(own).filter(
        (day) => !known.has(explainedName(own.stream.name, own.account.id, day)),
      );
      const range = rangeOf(depth === "day" ? comparedDays(own) : null, own.isAds ? empty : []);
      const reported = range && (await fetchTotals(session, own, range));
      const sample = depth === "day" && i < SAMPLES ? await fetchSample(session, own) : null;
      answers[i] = { reported, sample };
    }
    const lists = depth === "day" ? await countLists(db, source, session) : [];
    return { refused: null, answers, lists };
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    return { refused: error.message, answers, lists: [] };
  }
}

/** Returns the range from the first to the last of the days. */
function rangeOf(range: { from: string; to: string } | null, days: readonly string[]) {
  const all = [...(range ? [range.from, range.to] : []), ...days].sort();
  const [from, to] = [all[0], all.at(-1)];
  return from === undefined || to === undefined ? null : { from, to };
}
