/**
 * The interface of drivers: the code that is specific to a vendor. A driver yields records; scheduling, storage, waiting and
 * secrets are handled by its callers. Terms are those of the Airbyte protocol 0.18: stream, cursor, state, slice, primary
 * key, generation, record, control.
 */
import type { z } from "zod";
import type { SourceErrorCode, SourceField, StreamMode, VendorAccount } from "../../../schema/wire/source";
import type { DriverName } from "../../../schema/wire/vendors";

/** JSON values of state and settings. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
/** One record of a stream, validated by the stream's schema. */
export type SourceRecord = Record<string, unknown>;

/**
 * A named series of records.
 * - `snapshot`: each read yields all records; a missing record was removed.
 * - `incremental`: a read starts at a state and yields the changes since, with states in between.
 * - `daily`: a read yields all records of a slice of days, which replace the stored records of those days.
 */
export interface StreamSpec {
  name: string;
  label: string;
  description: string;
  mode: StreamMode;
  /** Fields that identify a record, within a day for `daily`. */
  primaryKey: readonly string[];
  /** Schema of a record. Fields that it does not name are dropped. */
  schema: z.ZodType<SourceRecord>;
  /** For `incremental`: maximum delay until the vendor reports a change. */
  lagMs?: number;
  /** For `daily`: the field with the day, `YYYY-MM-DD`. */
  day?: string;
  /** For `daily`: number of days read again at each sync, counted back from today in the account's zone. */
  restateDays?: number;
  /**
   * For `daily`: number of days of a first slice; halved down to one when the vendor returns `too_much` or does not respond.
   */
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
  /** State after the last read of an `incremental` stream; null at the beginning. */
  state: Json;
  /** For `daily`. */
  slice?: Slice;
}

/** A message of a read. */
export type Message =
  | { type: "record"; record: SourceRecord }
  /** For `incremental`: a record was removed. Values of the primary key, in its order. */
  | { type: "removed"; key: readonly (string | number)[] }
  /** For `incremental`: everything before this has been yielded. The last message of a complete read is a state. */
  | { type: "state"; state: Json }
  /**
   * For `incremental`: the vendor no longer reports the changes since the state. All records follow, into a new generation;
   * records that are missing when the read is complete were removed. Later states belong to that generation.
   */
  | { type: "restart" };

/** Tokens or keys of a connection, by name: `access_token`, `refresh_token`, `api_key`. Never logged. */
export type Secrets = Record<string, string>;

/** One request to the vendor. */
export interface Call {
  method?: "GET" | "POST";
  /** Path below the driver's base URL, starting with `/`, with its encoded query; or an absolute URL of the same origin. */
  path: string;
  headers?: Record<string, string>;
  /** Sent as JSON; a string is sent unchanged. */
  body?: Json | string;
  /** Cost against the driver's limits, by limit name; by default 1 of each. */
  cost?: Record<string, number>;
}

/** The vendor's response; `body` is parsed if it is JSON. */
export interface Answer {
  status: number;
  headers: Headers;
  body: unknown;
}

/** Context of a driver's reads. */
export interface DriverContext {
  /** Settings as parsed by the driver's `settings` schema. */
  settings: Record<string, Json>;
  version: string;
  /** Epoch ms. */
  now(): number;
  /** Waits for seconds, between polls of a report that the vendor is generating. */
  sleep(ms: number): Promise<void>;
  /**
   * Sends a request to the vendor: waits for the account's limiter, signs the request, renews the access once on `auth`, and
   * retries what `retry` allows. @throws SourceError for every response that the driver's `failure` classifies as an error.
   */
  call(call: Call, account?: string): Promise<Answer>;
}

/** Usage of a limit, from a response. */
export interface Usage {
  /** A name of the driver's `limits`, or one from the vendor's header. */
  name: string;
  /** Share used, 0 to 1. */
  used: number;
  /** Epoch ms before which no request may be sent. */
  until?: number;
}

/** A documented limit: at most `calls` (or cost) in `perMs`. */
export interface Limit {
  name: string;
  calls: number;
  perMs: number;
}

/** How a source is authorized. */
export type Auth =
  | {
      kind: "oauth";
      authorizePath: string;
      tokenPath: string;
      /** URL of the consent page when it is not below the API's base URL. */
      authorizeBase?: string;
      tokenBase?: string;
      scopes: readonly string[];
      /** Additional parameters of the consent page. */
      parameters?: Record<string, string>;
      /** Fields for keys, for connecting without a consent page. */
      keys?: readonly SourceField[];
      /** Whether access is renewed by a refresh token; else it ends with the access token. */
      refreshes: boolean;
      /** Grant type and parameter name for exchanging the first access token for a long-lived one. */
      exchangeGrant?: string;
    }
  | { kind: "keys"; keys: readonly SourceField[] }
  | { kind: "none" };

/** Daily totals of an account that the vendor calculates itself, at a coarser grain than the stored rows. */
export interface DayTotals {
  day: string;
  /** By field of the stream's records. */
  totals: Record<string, number>;
}

/** The interface of a driver. */
export interface Driver {
  name: DriverName;
  label: string;
  category: "ads" | "crm" | "billing" | "generic";
  description: string;
  baseUrl: string;
  /** Version of the vendor's API, and the day on which it is discontinued. Configuration can override both. */
  version: string | null;
  sunset: string | null;
  auth: Auth;
  settings: z.ZodType<Record<string, Json>>;
  settingFields: readonly SourceField[];
  /** Documented limits per account. */
  limits: readonly Limit[];
  streams: readonly StreamSpec[];
  /** Returns why keys are invalid, before they are sent; null when they may be valid. */
  refuseKeys?(secrets: Secrets): { name: string; message: string } | null;
  /** Returns the headers with the secrets. */
  sign(
    secrets: Secrets,
    context: { settings: Record<string, Json>; version: string },
  ): Record<string, string>;
  /** Returns the accounts that a connection can read. @throws SourceError when there is none. */
  check(context: DriverContext): Promise<Omit<VendorAccount, "selected">[]>;
  read(request: ReadRequest, context: DriverContext): AsyncGenerator<Message>;
  /** Returns the usage of limits from the vendor's response headers. */
  usage?(answer: Answer, call: Call, now: number): Usage[];
  /** Classifies a response as an error; null when it is a success. */
  failure(answer: Answer, call: Call, now: number): SourceError | null;
  /** For generic drivers: returns the driver with the base URL and streams of the source's settings. */
  tailored?(settings: Record<string, Json>): Driver;
  /** Returns daily totals as the vendor calculates them, to compare with the stored rows. */
  totals?(
    stream: StreamSpec,
    account: VendorAccount,
    slice: Slice,
    context: DriverContext,
  ): Promise<DayTotals[]>;
}

/** Why a source could not be read. The message is shown to people and contains no secret. */
export class SourceError extends Error {
  override name = "SourceError";
  constructor(
    readonly code: SourceErrorCode,
    message: string,
    options: ErrorOptions & {
      /** Epoch ms before which the vendor should not be queried again. */
      until?: number;
    } = {},
  ) {
    super(message, options);
    this.until = options.until;
  }
  readonly until: number | undefined;
}
