/**
 * Faults of a stand-in, and the list of those that are pending.
 * @module
 */

/** Faults of single calls; each ends after a number of calls. */
export const CALL_FAULTS = ["throttle", "fail", "drop", "truncate", "repeat_page", "skip_page"] as const;
/** One of the faults of single calls. */
export type CallFault = (typeof CALL_FAULTS)[number];

/** How a field of a stream changes: its name, its presence, its value or its type. */
export interface Drift {
  /** The vendor's stream, as named in the stand-in's `faults`. */
  stream: string;
  /** Dotted path of the field, such as `metrics.clicks`. */
  field: string;
  /** `rename` appends `_v2`, `add` sets a text, `retype` swaps number and text (others are wrapped). */
  change: "rename" | "add" | "null" | "retype";
}

/** One misbehavior of a stand-in. Its effects depend on the vendor; see its `faults`. */
export type Misbehavior =
  | {
      kind: CallFault;
      /** Number of calls with the fault. */
      calls: number;
      /** Number of matching calls before it. */
      after?: number;
      /** Only calls whose path contains this. */
      on?: string;
      /** For `fail` and `throttle`: one of the vendor's variants (a status, an error code). */
      variant?: string | number;
    }
  /** Every access token issued so far expires; refreshing still works. */
  | { kind: "expire_tokens" }
  /** The user revoked the connection: access and refresh tokens and keys are refused until a new consent. */
  | { kind: "revoke" }
  /** The numbers of the last whole days change by a percentage. */
  | { kind: "restate"; days: number; percent: number }
  /** Objects are deleted or archived: the given ids, or the first `count` of the stream. */
  | { kind: "remove" | "archive"; stream: string; ids?: string[]; count?: number }
  /** The shape of a stream's records changes. */
  | ({ kind: "drift" } & Drift)
  /** Search returns changes only after a delay. */
  | { kind: "search_lag"; lagMs: number };

/** Every kind of misbehavior. */
export type FaultKind = Misbehavior["kind"];

/** A fault of the current call. */
export interface SpoiledCall {
  kind: CallFault;
  /** The variant of the failure, if there are several. */
  variant?: string | number;
}

/** The pending faults, used by the server and by the vendors' paging. */
export interface FaultBoard {
  add(fault: Misbehavior): void;
  /** Ends pending faults, drift and search lag; deleted and restated objects are not restored. */
  clear(): void;
  /** Uses up one call of a fault for this path, if one is due. */
  take(kind: CallFault, path: string): SpoiledCall | undefined;
  /** The record after the drifts of its stream; unaffected records are returned as they are. */
  shape(stream: string, record: object): object;
  /** Delay of search, ms. */
  searchLagMs(): number;
}

interface Pending extends SpoiledCall {
  calls: number;
  after: number;
  on: string;
}

type Fields = Record<string, unknown>;
const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function retyped(value: unknown): unknown {
  if (typeof value === "number") return String(value);
  if (typeof value === "string" && value !== "" && Number.isFinite(Number(value))) return Number(value);
  return { value };
}

function drifted(record: Fields, path: string[], change: Drift["change"]): Fields {
  const [head = "", ...rest] = path;
  const value = record[head];
  if (rest.length > 0) return isFields(value) ? { ...record, [head]: drifted(value, rest, change) } : record;
  if (change === "add") return { ...record, [head]: "drift" };
  if (!(head in record)) return record;
  if (change === "null") return { ...record, [head]: null };
  if (change === "retype") return { ...record, [head]: retyped(value) };
  const { [head]: moved, ...others } = record;
  return { ...others, [`${head}_v2`]: moved };
}

/** An empty board. */
export function faultBoard(): FaultBoard {
  let pending: Pending[] = [];
  let drifts: Drift[] = [];
  let lagMs = 0;
  const add = (fault: Misbehavior) => {
    if (fault.kind === "drift") drifts.push(fault);
    if (fault.kind === "search_lag") lagMs = fault.lagMs;
    if ("calls" in fault) pending.push({ after: 0, on: "", ...fault });
  };
  const take = (kind: CallFault, path: string) => {
    const due = pending.find((fault) => fault.kind === kind && path.includes(fault.on));
    if (due === undefined) return undefined;
    if (due.after-- > 0) return undefined;
    due.calls -= 1;
    pending = pending.filter((fault) => fault.calls > 0);
    return { kind: due.kind, variant: due.variant };
  };
  const shape = (stream: string, record: object): object => {
    const own = drifts.filter((drift) => drift.stream === stream);
    if (own.length === 0) return record;
    return own.reduce<Fields>((fields, drift) => drifted(fields, drift.field.split("."), drift.change), {
      ...record,
    });
  };
  const clear = () => {
    pending = [];
    drifts = [];
    lagMs = 0;
  };
  return { add, clear, take, shape, searchLagMs: () => lagMs };
}
