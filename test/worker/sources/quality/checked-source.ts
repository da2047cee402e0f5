/**
 * A source of a stand-in for tests of checks: its databases and its vendor.
 * @module
 */
import { env } from "cloudflare:workers";
import type { QualityResult } from "../../../../schema/wire/source";
import type { DriverName } from "../../../../schema/wire/vendors";
import { listNotices } from "../../../../worker/outbound/notify";
import type { VendorClient } from "../../../../worker/sources/connections";
import { checkAfterSync, readQuality } from "../../../../worker/sources/quality";
import { commitRead, type DayPage, daysOf } from "../../../../worker/sources/records";
import { sourceCases } from "../../../contract/source-cases";
import { dayOf, World } from "../../../contract/source-world";
import { LAKE } from "../../../support/lake";
import { storeProject } from "../../../support/make-event";
import { addRates } from "../../../support/mart-stage";
import { startVendor } from "../../../support/vendors/client";

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/** Sent e-mails, by recipient. */
export const sent: { to: string; subject: string; text: string }[] = [];
/** The deployment, with a recorder for e-mails. */
export const bindings: Env = Object.assign({}, env, {
  SOURCE_LOOPBACK: "true",
  APP_ORIGIN: "https://selvedge.example.com",
  EMAIL: { send: async (message: (typeof sent)[number]) => void sent.push(message) },
});

/** A source with its vendor. */
export class CheckedSource {
  /** Wraps the checks' requests to the vendor. */
  disguise = (session: VendorClient): VendorClient => session;

  private constructor(
    readonly world: World,
    readonly project: string,
  ) {}

  /** A small account, connected and not yet read. */
  static async open(
    driver: DriverName,
    seed: number,
    now: number,
    backfillDays = 75,
  ): Promise<CheckedSource> {
    const own = sourceCases.find((each) => each.driver.name === driver);
    if (!own) throw new Error(`no stand-in of ${driver}`);
    const bench = { db: env.SHARD_0, lake: LAKE, startVendor };
    const world = await World.open(bench, { ...own, backfillDays }, seed, now);
    const { id: project } = await storeProject(env);
    Object.assign(world, { project, source: `s${crypto.randomUUID()}` });
    await env.CONTROL.prepare(
      `INSERT INTO sources (id, project_id, driver, name, settings, accounts, status, interval_ms, created_by, created_at, updated_at)
       VALUES (?1, ?2, ?3, 'The source', '{}', ?4, 'active', ?5, 'u', ?6, ?6)`,
    )
      .bind(world.source, project, driver, JSON.stringify(world.accounts), DAY_MS, now)
      .run();
    await addRates(ratesBetween(now - 120 * DAY_MS, now + 60 * DAY_MS));
    return new CheckedSource(world, project);
  }

  /** Runs checks as after a sync. */
  async check() {
    const { world } = this;
    const open = async () => this.disguise(world.session({}));
    return checkAfterSync(bindings, world.source, { open, now: world.now });
  }

  /** Advances the clock by hours, syncs and checks. */
  async next(hours: number) {
    await this.world.move(hours * HOUR_MS);
    const synced = await this.world.sync();
    return { ...synced, found: await this.outcomes(await this.check()) };
  }

  /** Current results of checks, by name. */
  async outcomes(_?: unknown): Promise<Record<string, QualityResult["outcome"]>> {
    return Object.fromEntries((await this.latest()).map(({ name, outcome }) => [name, outcome]));
  }

  async latest(): Promise<QualityResult[]> {
    return (await readQuality(env.CONTROL, this.world.source)).latest;
  }

  async openNotices() {
    const notices = await listNotices(env.CONTROL, this.project, this.world.now);
    return notices.filter(({ resolved_at }) => resolved_at === null);
  }

  /** The day so many days ago, UTC. */
  ago(days: number): string {
    return dayOf(this.world.now - days * DAY_MS);
  }

  /** The rows of a day of a stream, of the first account with any. */
  async rowsOf(stream: string, day: string) {
    const name = { project: this.project, source: this.world.source, stream };
    for await (const page of daysOf(env.SHARD_0, name, day.slice(0, 7)))
      for (const own of page) if (own.day === day) return own;
    throw new Error(`no rows of ${day}`);
  }

  /** Replaces the rows of a day directly in storage. */
  async plant(
    stream: string,
    day: string,
    make: (rows: Record<string, unknown>[]) => object[],
  ): Promise<void> {
    const { account, records } = await this.rowsOf(stream, day);
    const cursors = await this.world.cursors();
    const from = cursors.find((own) => own.stream === stream && own.account === account);
    if (!from) throw new Error(`${stream} was not read`);
    const rows = make(records);
    const parts: DayPage["parts"] =
      rows.length > 0 ? [{ body: JSON.stringify(rows), rows: rows.length }] : [];
    const key = { project: this.project, source: this.world.source, stream, account };
    const { state, complete_until: completeUntil } = from;
    const days = [{ day, parts }];
    if (!(await commitRead(env.SHARD_0, { key, from, days, state, completeUntil, now: this.world.now })))
      throw new Error("refused");
  }
}

function ratesBetween(from: number, to: number): [string, string, number][] {
  const rates: [string, string, number][] = [];
  for (let time = from; time < to; time += DAY_MS)
    for (const [currency, perEuro] of [
      ["USD", 1.1],
      ["GBP", 0.85],
      ["JPY", 160],
      ["CHF", 0.95],
    ] as const)
      rates.push([dayOf(time), currency, perEuro]);
  return rates;
}
