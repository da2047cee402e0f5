/**
 * What a driver is: the code that knows a vendor. It yields records; when to read, what to keep, how long to wait and where
 * secrets are is the business of those around it. Words are Airbyte's (protocol 0.18): stream, cursor, state, slice,
 * primary key, generation, record, control.
 * @module
 */
import type { z } from "zod";
import type { SourceErrorCode, SourceField, StreamMode, VendorAccount } from "../../../schema/wire/source";
import type { DriverName } from "../../../schema/wire/vendors";

/** JSON as state and settings hold it. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
/** One record of a stream, as the stream's schema has checked it. */
export type SourceRecord = Record<string, unknown>;

/**
 * A named series of records.
 * - `snapshot`: each read yields all there is; what is missing from it is gone.
 * - `incremental`: a read begins at a state and yields what changed since, with states in between.
 * - `daily`: a read yields all of a slice of days, which replaces what was kept of those days.
 */
export interface StreamSpec {
  name: string;
  label: string;
  description: string;
  mode: StreamMode;
  /** Fields that tell records apart, within a day for `daily`. */
  primaryKey: readonly string[];
  /** What a record must look like (a schema of schema/records). Fields it does not name are dropped. */
  schema: z.ZodType<SourceRecord>;
  /** Of `incremental`: how long a change may take until the vendor reports it. */
  lagMs?: number;
  /** Of `daily`: the field with the day, `YYYY-MM-DD`. */
  day?: string;
  /** Of `daily`: days read again at each sync, counted back from today in the account's zone. */
  restateDays?: number;
  /** Of `daily`: days of a first slice; halved down to one when the vendor says `too_much` or does not answer. */
  sliceDays?: number;
}

/** Days of an account, both ends inclusive, `YYYY-MM-DD` in the account's zone. */
export interface Slice {
  from: string;
  to: string;
}

export interface ReadRequest {
  stream: StreamSpec;
  account: VendorAccount;
  /** Where the last read of an `incremental` stream stopped; null at the beginning. */
  state: Json;
  /** Of `daily`. */
  slice?: Slice;
}

/** What a read yields. */
export type Message =
  | { type: "record"; record: SourceRecord }
  /** Of `incremental`: the vendor says that a record is gone. Values of the primary key, in its order. */
  | { type: "removed"; key: readonly (string | number)[] }
  /** Of `incremental`: all before this has been yielded. The last message of a complete read is a state. */
  | { type: "state"; state: Json }
  /**
   * Of `incremental`: the vendor no longer reports what changed since the state. All records follow, into a generation of
   * its own; what does not come until the read is complete is gone. States after it belong to that generation.
   */
  | { type: "restart" };

/** Tokens or keys of a connection, by name: `access_token`, `refresh_token`, `api_key`. Never logged. */
export type Secrets = Record<string, string>;

/** One request to the vendor. */
export interface Call {
  method?: "GET" | "POST";
  /** Below the driver's base URL, beginning with `/`, with its query as it must be sent; or an absolute URL on the same origin. */
  path: string;
  headers?: Record<string, string>;
  /** Sent as JSON; a string is sent as it is. */
  body?: Json | string;
  /** What it counts against the driver's limits, by limit name; 1 of each when left out. */
  cost?: Record<string, number>;
}

/** The vendor's answer; `body` is parsed JSON where it is JSON. */
export interface Answer {
  status: number;
  headers: Headers;
  body: unknown;
}

/** What surrounds a driver's reads. */
export interface DriverContext {
  /** As the driver's `settings` schema parsed them. */
  settings: Record<string, Json>;
  version: string;
  /** Epoch ms. */
  now(): number;
  /** Waits, for seconds: between polls of a report that the vendor makes. */
  sleep(ms: number): Promise<void>;
  /**
   * Asks the vendor: waits for the account's limiter, signs the request, renews the access once on `auth`, tries again
   * what `retry` allows. @throws SourceError for every answer that the driver's `failure` calls one.
   */
  call(call: Call, account?: string): Promise<Answer>;
}

/** What an answer says about limits. */
export interface Usage {
  /** A name of the driver's `limits`, or one that the vendor's header brings. */
  name: string;
  /** Share used, 0 to 1. */
  used: number;
  /** Epoch ms until which nothing may be asked. */
  until?: number;
}

/** A documented limit: at most `calls` (or cost) in `perMs`. */
export interface Limit {
  name: string;
  calls: number;
  perMs: number;
}

/** How a person connects. */
export type Auth =
  | {
      kind: "oauth";
      authorizePath: string;
      tokenPath: string;
      /** Where the consent page is when it is not below the API's base URL. */
      authorizeBase?: string;
      tokenBase?: string;
      scopes: readonly string[];
      /** Further parameters of the consent page. */
      parameters?: Record<string, string>;
      /** Key fields that connect it without a consent page. */
      keys?: readonly SourceField[];
      /** Whether access is renewed by a refresh token; else it ends with the access token. */
      refreshes: boolean;
      /** Grant type, and parameter name, that exchanges the first access token for one that lasts longer. */
      exchangeGrant?: string;
    }
  | { kind: "keys"; keys: readonly SourceField[] }
  | { kind: "none" };

/** Totals of one day of an account that the vendor works out itself, at a coarser grain than we read. */
export interface DayTotals {
  day: string;
  /** By field of the stream's records. */
  totals: Record<string, number>;
}

/** The code that knows a vendor. */
export interface Driver {
  name: DriverName;
  label: string;
  category: "ads" | "crm" | "billing" | "generic";
  description: string;
  baseUrl: string;
  /** Version of the vendor's API, and the day on which it ends. Both can be overridden by configuration. */
  version: string | null;
  sunset: string | null;
  auth: Auth;
  settings: z.ZodType<Record<string, Json>>;
  settingFields: readonly SourceField[];
  /** Documented limits of an account. */
  limits: readonly Limit[];
  streams: readonly StreamSpec[];
  /** Why keys cannot be right, before anybody is asked; null when they may be. */
  refuseKeys?(secrets: Secrets): { name: string; message: string } | null;
  /** Headers that carry the secrets. */
  sign(
    secrets: Secrets,
    context: { settings: Record<string, Json>; version: string },
  ): Record<string, string>;
  /** The accounts that a connection can read. @throws SourceError when it can read none. */
  check(context: DriverContext): Promise<Omit<VendorAccount, "selected">[]>;
  read(request: ReadRequest, context: DriverContext): AsyncGenerator<Message>;
  /** What an answer says about limits, from the vendor's own headers. */
  usage?(answer: Answer, call: Call, now: number): Usage[];
  /** Why an answer is none: null when it is fine. */
  failure(answer: Answer, call: Call, now: number): SourceError | null;
  /** The driver of a source that says itself where it is and what it holds: base URL and streams as its settings have them. */
  tailored?(settings: Record<string, Json>): Driver;
  /** Totals of days as the vendor adds them up, to compare ours with. */
  totals?(
    stream: StreamSpec,
    account: VendorAccount,
    slice: Slice,
    context: DriverContext,
  ): Promise<DayTotals[]>;
}

/** Why a source could not be read. The message is for people and holds no secret. */
export class SourceError extends Error {
  override name = "SourceError";
  constructor(
    readonly code: SourceErrorCode,
    message: string,
    options: ErrorOptions & {
      /** Epoch ms before which the vendor does not want to be asked again. */
      until?: number;
    } = {},
  ) {
    super(message, options);
    this.until = options.until;
  }
  readonly until: number | undefined;
}
