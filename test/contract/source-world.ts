/**
 * A source with its environment: a vendor, a shard, secrets, a limiter, and one clock for all of them. Runs in Node
 * and in workerd.
 * @module
 */

import { CLIENT } from "../../demo/vendors/server/oauth";
import type { SourceErrorInfo, VendorAccount } from "../../schema/wire/source";
import { type Advance, advance, type Budget } from "../../worker/sources/engine/advance";
import { newMemory } from "../../worker/sources/engine/memory";
import { oauthClientOf, redeemCode, renewAccess, withVersion } from "../../worker/sources/oauth/access";
import { daysOf, readCursors, recordsOf, type StreamCursor } from "../../worker/sources/records";
import { type Counters, openClient } from "../../worker/sources/vendor/client";
import { configOf } from "../../worker/sources/vendor/config";
import type { Secrets } from "../../worker/sources/vendor/driver";
import {
  grant,
  initialState,
  type Limiter,
  type LimiterState,
  recordOutcome,
} from "../../worker/sources/vendor/limiter";
import { type Failure, failingStores, isStorageFailure } from "../support/failing-storage";
import type { RemoteVendor } from "../support/vendors/client";
import type { VendorStart } from "../support/vendors/wire";
import type { SourceCase } from "./source-cases";

/** The shard and the vendor of a source. */
export interface Bench {
  db: D1Database;
  lake: R2Bucket;
  startVendor(options: VendorStart): Promise<RemoteVendor>;
}

/** The result of a sync. */
export interface Synced {
  status: "succeeded" | "partial" | "failed";
  error: SourceErrorInfo | null;
  counters: Counters;
  steps: number;
}

/** Options of a sync. */
export interface SyncOptions {
  /** Storage calls that fail, one after another: each ends its step. */
  kills?: Failure[];
  /** Time that passes with each request. 0: the vendor's clock is fixed during reads. */
  tickMs?: number;
  budget?: Budget;
  /** Whether the account's limiter is used. */
  limited?: boolean;
  /** Whether a killed step's memory is lost. */
  forgets?: boolean;
}

const MAX_STEPS = 2_000;
let worlds = 0;

/** A source that is connected and not yet read. */
export class World {
  readonly project = "p1";
  readonly source = `w${++worlds}`;
  accounts: VendorAccount[] = [];
  secrets: Secrets;
  readonly #limits = new Map<string, LimiterState>();

  private constructor(
    readonly bench: Bench,
    readonly own: SourceCase,
    readonly vendor: RemoteVendor,
    readonly seed: number,
    public now: number,
  ) {
    this.secrets = own.connect(seed);
  }

  static async open(
    bench: Bench,
    own: SourceCase,
    seed: number,
    now: number,
    start: Partial<VendorStart> = {},
  ) {
    const vendor = await bench.startVendor({
      vendor: own.vendor,
      limits: false,
      ...own.start,
      ...start,
      seed,
      now,
    });
    const world = new World(bench, own, vendor, seed, now);
    const found = await own.driver.check(world.session({}).context);
    world.accounts = found.map((account) => ({ ...account, selected: true }));
    return world;
  }

  /** Advances the clock, also of the vendor. */
  async move(ms: number): Promise<void> {
    this.now += Math.ceil(ms);
    await this.vendor.setNow(this.now);
  }

  /** Connects again, as a user does after access has ended, until the vendor accepts it. */
  async reconnect(): Promise<void> {
    const { config, client } = this.#configured();
    if (this.own.reconnect || !client) {
      this.secrets = this.own.reconnect?.() ?? this.secrets;
      return;
    }
    const redirect_uri = "http://127.0.0.1/back";
    const query = new URLSearchParams({ client_id: client.id, redirect_uri });
    const page = `${config.authorize_base}${withVersion(client.auth.authorizePath, config)}?${query}`;
    for (let tries = 0; tries < MAX_STEPS; tries++) {
      try {
        const answer = await fetch(`${page}&response_type=code&decision=allow`, { redirect: "manual" });
        const code = new URL(answer.headers.get("location") ?? "").searchParams.get("code") ?? "";
        this.secrets = await redeemCode(client, { code, verifier: "", redirect_uri }, this.now);
        return;
      } catch {
        await this.move(1000);
      }
    }
  }

  #configured() {
    const { driver } = this.own;
    const vars = {
      SOURCES: JSON.stringify({ [driver.name]: { base_url: this.vendor.url, client_id: CLIENT.client_id } }),
      SOURCE_CLIENTS: JSON.stringify({ [driver.name]: CLIENT.client_secret }),
    };
    const config = configOf(vars, driver);
    return { config, client: oauthClientOf(driver, config) };
  }

  session({ tickMs = 0, limited = false }: SyncOptions) {
    const { driver } = this.own;
    const { config, client } = this.#configured();
    return openClient({
      driver,
      settings: this.own.settings,
      secrets: this.secrets,
      baseUrl: config.base_url,
      limiter: (account = "") => (limited ? this.#limiter(account) : UNLIMITED),
      ...(client && { renew: (secrets: Secrets) => renewAccess(client, secrets, this.now) }),
      onSecrets: async (secrets) => {
        this.secrets = secrets;
      },
      fetch: async (url, init) => {
        if (tickMs > 0) await this.move(tickMs);
        return fetch(url, init);
      },
      clock: { now: () => this.now, sleep: (ms) => this.move(ms), random: () => 0.5 },
    });
  }

  /** Reads the source like a workflow: step by step, waiting when required, and repeating killed steps. */
  async sync(options: SyncOptions = {}): Promise<Synced> {
    const { kills = [], budget = { ms: 20_000, records: 5_000 } } = options;
    const { db, lake } = this.bench;
    const startedAt = this.now;
    const { project, source, accounts } = this;
    const run = { project, source, startedAt, accounts, backfillDays: this.own.backfillDays };
    const session = this.session(options);
    const left = [...kills];
    let memory = newMemory();
    for (let steps = 1; steps <= MAX_STEPS; steps++) {
      const kill = left.shift();
      const stores = kill ? failingStores(db, lake, kill).stores : { db, lake };
      let step: Advance;
      try {
        step = await advance({ ...stores, session }, run, memory, budget);
      } catch (error) {
        if (!kill || !isStorageFailure(error)) throw error;
        if (options.forgets) memory = newMemory();
        continue;
      }
      memory = step.memory;
      if (step.outcome.kind === "lost") throw new Error("nobody else runs");
      if (step.outcome.kind === "wait") await this.move(Math.max(0, step.outcome.until - this.now));
      if (step.outcome.kind === "done") {
        const { status, error } = step.outcome;
        return { status, error, counters: session.counters, steps };
      }
    }
    throw new Error(`a sync of ${this.own.driver.name} does not end`);
  }

  cursors(): Promise<StreamCursor[]> {
    return readCursors(this.bench.db, this.project, this.source);
  }

  /** The current records of a stream, as readers see them; for daily streams of days from `from` on. */
  async records(stream: string, from: string): Promise<Record<string, unknown>[]> {
    const name = { project: this.project, source: this.source, stream };
    const spec = this.own.driver.streams.find((own) => own.name === stream);
    const found: Record<string, unknown>[] = [];
    if (spec?.mode !== "daily") {
      for await (const page of recordsOf(this.bench.db, name))
        found.push(...page.filter(({ removed_at }) => removed_at === null).map(({ body }) => body));
      return found;
    }
    for (const month of monthsOf(from, dayOf(this.now + DAY_MS)))
      for await (const days of daysOf(this.bench.db, name, month))
        found.push(...days.filter(({ day }) => day >= from).flatMap(({ records }) => records));
    return found;
  }

  /** The vendor's current records of a stream for a correct client. */
  async truth(stream: string, from: string): Promise<object[]> {
    const range = { from, to: dayOf(this.now + DAY_MS) };
    return [...this.own.expected(await this.vendor.truth(range), stream, range).values()];
  }

  #limiter(account: string): Limiter {
    const state = this.#limits.get(account) ?? initialState();
    this.#limits.set(account, state);
    return {
      take: async (cost, now) => {
        const given = grant(state, this.own.driver.limits, cost, 1, now);
        return "times" in given
          ? { wait_until: null, breaker: false }
          : { wait_until: given.wait_until, breaker: given.breaker };
      },
      report: async (outcome, now) => recordOutcome(state, outcome, now),
    };
  }
}

const UNLIMITED: Limiter = {
  take: async () => ({ wait_until: null, breaker: false }),
  report: async () => {},
};

const DAY_MS = 86_400_000;
/** The UTC day of a time. */
export const dayOf = (time: number): string => new Date(time).toISOString().slice(0, 10);

function monthsOf(from: string, to: string): string[] {
  const months = new Set<string>();
  for (let time = Date.parse(from); time <= Date.parse(to); time += DAY_MS)
    months.add(dayOf(time).slice(0, 7));
  return [...months];
}
