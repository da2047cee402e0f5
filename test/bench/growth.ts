/**
 * What a shard stores, and what its upkeep costs, over weeks: of one site that always sends, and of thousands of small ones.
 * Rounds of the folder come every ten minutes of the simulated time, with the merges, seals and collections that are due.
 * @module
 */
import { startBenchWorker } from "./bench-worker.ts";
import { percentile } from "./measure.ts";
import { type Bench, type Cell, type Check, show, type Table } from "./report.ts";
import { sized } from "./size.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** Minutes between rounds of the folder. */
const EVERY = sized(10, 30);
/** Growth of the last days over the middle ones that is still called flat. */
const FLAT = 1.25;

interface Setting {
  name: string;
  sites: number;
  days: number;
  /** Events a day of all sites. */
  daily: number;
  /** Events a message; each message is a delivery. */
  size: number;
}

const SETTINGS: Setting[] = [
  {
    name: "one site, a delivery every two minutes",
    sites: 1,
    days: sized(30, 4),
    daily: sized(7_200, 500),
    size: 10,
  },
  { name: "3,000 sites", sites: sized(3_000, 30), days: sized(8, 4), daily: sized(9_000, 500), size: 2 },
];

interface Day {
  day: number;
  deadSegments: number;
  liveSegments: number;
  d1Mb: number;
  objects: number;
  lakeMb: number;
  roundMs: number;
  unsealed: number;
}

/** Tables by day, and that nothing but the lake grows. */
export const benchGrowth: Bench = async (say) => {
  const tables: Table[] = [];
  const checks: Check[] = [];
  for (const setting of SETTINGS) {
    say(setting.name);
    const days = await simulate(setting, say);
    tables.push({ title: `growth: ${setting.name}`, rows: days.map(rowOf) });
    checks.push({
      what: `${setting.name}: sites not sealed at the end of a day`,
      value: Math.max(...days.map(({ unsealed }) => unsealed)),
      unit: "sites",
      most: 0,
    });
    const third = Math.floor(days.length / 3);
    const [middle, last] = [days.slice(third, 2 * third), days.slice(-third)];
    for (const [what, of] of Object.entries(FLAT_LINES)) {
      const growth = mean(last.map(of)) / Math.max(1e-9, mean(middle.map(of)));
      checks.push({
        what: `${setting.name}: ${what}, last over middle days`,
        value: growth,
        unit: "×",
        most: FLAT,
      });
    }
  }
  return { tables, checks };
};

/** What must not grow. D1 keeps a row a day and dimension for 90 days: its growth is shown, not checked. */
const FLAT_LINES: Record<string, (day: Day) => number> = {
  "dead segments": (day) => day.deadSegments + 1,
  "live segments": (day) => day.liveSegments,
  "p95 of a round": (day) => day.roundMs,
};

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

function rowOf(day: Day): Record<string, Cell> {
  return {
    day: day.day,
    "dead segments": day.deadSegments,
    "live segments": day.liveSegments,
    "objects in R2": day.objects,
    "lake MB": day.lakeMb,
    "D1 MB": day.d1Mb,
    "p95 round ms": day.roundMs,
    "sites not sealed": day.unsealed,
  };
}

async function simulate(setting: Setting, say: (text: string) => void): Promise<Day[]> {
  const { ask, close } = await startBenchWorker();
  const projects = Array.from({ length: setting.sites }, (_, index) => `p${index}`);
  await ask("projects", { projects });
  const start = Math.floor(Date.now() / DAY_MS) * DAY_MS - setting.days * DAY_MS;
  const end = start + setting.days * DAY_MS;
  const events = setting.daily * setting.days;
  await ask("open", { projects, seed: 5, from: start, to: end, events, size: setting.size, messages: 1 });
  const days: Day[] = [];
  let roundMs: number[] = [];
  for (
    let now = start + EVERY * MINUTE_MS, minute = EVERY;
    now <= end;
    now += EVERY * MINUTE_MS, minute += EVERY
  ) {
    await ask("consume", { limit: 1e9, before: now, now });
    const { ms } = await ask("round", { now, seals: minute % 10 < EVERY, collects: minute % 60 < EVERY });
    roundMs.push(ms);
    if ((now - start) % DAY_MS > 0) continue;
    const { unsealed, ...sizes } = await ask("sizes", { sealedBefore: now - 2 * DAY_MS });
    const day = (now - start) / DAY_MS;
    const figures: Day = {
      day,
      ...sizes,
      unsealed: day > 2 ? unsealed : 0,
      roundMs: percentile(roundMs, 0.95),
    };
    days.push(figures);
    say(
      Object.entries(rowOf(figures))
        .map(([name, value]) => `${name} ${show(value)}`)
        .join(", "),
    );
    roundMs = [];
  }
  await close();
  return days;
}
