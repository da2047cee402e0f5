/**
 * Storage that fails once, at its k-th call: before the call is made, or after it was made and only its result is lost.
 * @module
 */

declare module "vitest" {
  interface ProvidedContext {
    /** Of all storage calls, each n-th fails once: 1 for every call. */
    failingCallStep: number;
  }
}

export interface Failure {
  /** Which call fails, from 1; none when 0. */
  at: number;
  when: "before" | "after";
}

/** Whether an error is of storage that fails here; drizzle wraps those of its statements. */
export const isStorageFailure = (error: unknown): boolean =>
  error instanceof Error && (error.message.startsWith("storage:") || isStorageFailure(error.cause));

/** A shard's stores whose calls are counted together. */
export function failingStores(db: D1Database, lake: R2Bucket, failure: Failure) {
  const counter = { calls: 0 };
  const call = async <T>(name: string, run: () => Promise<T>): Promise<T> => {
    counter.calls++;
    const isHit = counter.calls === failure.at;
    if (isHit && failure.when === "before") throw new Error(`storage: ${name} refused as call ${failure.at}`);
    const result = await run();
    if (isHit) throw new Error(`storage: answer of ${name} lost as call ${failure.at}`);
    return result;
  };
  return { counter, stores: { db: interceptD1(db, call), lake: interceptR2(lake, call) } };
}

/** A shard's stores that fail while they are marked as down. `batches` counts D1 transactions that were made. */
export function unstableStores(db: D1Database, lake: R2Bucket) {
  const down = { db: false, lake: false };
  const made = { batches: 0, puts: 0 };
  const callOf =
    (store: "db" | "lake"): Call =>
    async (name, run) => {
      if (down[store]) throw new Error(`storage: ${store} is down`);
      if (name === "batch") made.batches++;
      if (name === "put") made.puts++;
      return run();
    };
  return {
    down,
    made,
    stores: { db: interceptD1(db, callOf("db")), lake: interceptR2(lake, callOf("lake")) },
  };
}

function interceptD1(db: D1Database, call: Call): D1Database {
  return intercept(db, call, { batch: true, prepare: (statement) => interceptStatement(statement, call) });
}

function interceptR2(lake: R2Bucket, call: Call): R2Bucket {
  return intercept(lake, call, { put: true, get: true, head: true, list: true, delete: true });
}

type Call = <T>(name: string, run: () => Promise<T>) => Promise<T>;
const originals = new WeakMap<object, D1PreparedStatement>();

function interceptStatement(statement: D1PreparedStatement, call: Call): D1PreparedStatement {
  const wrapped = intercept(statement, call, {
    all: true,
    raw: true,
    run: true,
    first: true,
    bind: (bound) => interceptStatement(bound, call),
  });
  originals.set(wrapped, statement);
  return wrapped;
}

/** A proxy whose methods marked `true` go through `call`; a function wraps the method's result. */
function intercept<T extends object>(
  target: T,
  call: Call,
  methods: Partial<Record<keyof T, true | ((result: never) => unknown)>>,
): T {
  return new Proxy(target, {
    get(object, name) {
      const value: unknown = Reflect.get(object, name);
      if (typeof value !== "function") return value;
      const rule = methods[name as keyof T];
      return (...args: unknown[]) => {
        const unwrapped = args.map((arg) =>
          Array.isArray(arg) ? arg.map((item) => originals.get(item as object) ?? item) : arg,
        );
        const run = () => value.apply(object, unwrapped) as unknown;
        if (rule === true) return call(String(name), run as () => Promise<unknown>);
        return rule ? (rule as (result: unknown) => unknown)(run()) : run();
      };
    },
  });
}
