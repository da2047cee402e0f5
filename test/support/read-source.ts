/**
 * Reads a driver's streams through a session and stores their records in memory, to test drivers in isolation.
 * @module
 */
import type { VendorAccount } from "../../schema/wire/source.ts";
import { parseShape } from "../../worker/sources/drivers/parse-answer.ts";
import { openClient, type VendorClientOptions } from "../../worker/sources/vendor/client.ts";
import type { Driver, Json, Message, Secrets, Slice } from "../../worker/sources/vendor/driver.ts";
import type { Limiter } from "../../worker/sources/vendor/limiter.ts";

type Fields = Record<string, unknown>;

/** Permits every call. */
export const openLimiter: Limiter = {
  take: async () => ({ wait_until: null, breaker: false }),
  report: async () => {},
};

/** A vendor whose clock advances by sleeping. */
interface Asked {
  url: string;
  now(): number;
  setNow(at: number): void;
}

/** One connection and what has been read through it. */
export class SourceReader {
  /** By stream and account: records by key. */
  readonly records = new Map<string, Map<string, Fields>>();
  readonly states = new Map<string, Json>();
  /** How often each stream started a new generation. */
  readonly restarts = new Map<string, number>();
  readonly session;

  constructor(
    readonly driver: Driver,
    readonly vendor: Asked,
    secrets: Secrets,
    more: Partial<VendorClientOptions> = {},
  ) {
    this.session = openClient({
      driver,
      secrets,
      settings: {},
      baseUrl: vendor.url,
      limiter: () => openLimiter,
      clock: {
        now: () => vendor.now(),
        sleep: async (ms) => vendor.setNow(vendor.now() + ms),
        random: () => 0.5,
      },
      ...more,
    });
  }

  /** The first account. */
  async account(): Promise<VendorAccount> {
    const [first] = await this.driver.check(this.session.context);
    if (first === undefined) throw new Error("no account");
    return { ...first, selected: true };
  }

  /**
   * Reads a stream to its end, or until `stop` returns true for a message, which is then lost with all since the last
   * state. Records between two states are stored at the second.
   */
  async read(stream: string, slice?: Slice, stop: (message: Message) => boolean = () => false) {
    const spec = this.driver.streams.find(({ name }) => name === stream);
    if (spec === undefined) throw new Error(`no stream ${stream}`);
    const account = await this.account();
    const old = this.records.get(stream) ?? new Map<string, Fields>();
    let next = new Map(spec.mode === "incremental" ? old : []);
    let state = this.states.get(stream) ?? null;
    const commit = () => {
      this.records.set(stream, new Map(next));
      this.states.set(stream, state);
    };
    for await (const message of this.driver.read(
      { stream: spec, account, state, slice },
      this.session.context,
    )) {
      if (stop(message)) return this.records.get(stream) ?? old;
      if (message.type === "restart") {
        next = new Map();
        this.restarts.set(stream, (this.restarts.get(stream) ?? 0) + 1);
      }
      if (message.type === "removed") next.delete(message.key.join("/"));
      if (message.type === "record") {
        const record = parseShape(stream, spec.schema, message.record);
        const key = [...(spec.day ? [spec.day] : []), ...spec.primaryKey].map((name) => record[name]);
        if (spec.mode !== "incremental" && next.has(key.join("/")))
          throw new Error(`${stream}: twice ${key}`);
        next.set(key.join("/"), record);
      }
      if (message.type === "state") {
        state = message.state;
        commit();
      }
    }
    if (spec.mode !== "incremental") commit();
    return next;
  }
}
