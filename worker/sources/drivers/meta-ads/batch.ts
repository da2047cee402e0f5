/**
 * Sends many queries in one request ("Batch Requests": at most 50, each counts towards the limits).
 * @module
 */
import { type Call, type DriverContext, SourceError } from "../../vendor/driver";
import { readConsistent } from "../read-consistent";
import { failureOf, partsOf, passes } from "./answers";

const BATCH_MAX = 50;
/** Attempts for a batch without any response. */
const UNANSWERED = { attempts: 5, failure: "batches were truncated repeatedly" };
const FORM = { "content-type": "application/x-www-form-urlencoded" };

/** A query: a path without version and leading slash, with its query string; a form makes it a POST. */
export interface Part {
  path: string;
  form?: string;
}

/** Sends batches with the account's limiter and the connection's version. */
export interface Asker {
  version: string;
  now(): number;
  sleep(ms: number): Promise<void>;
  call(call: Call): ReturnType<DriverContext["call"]>;
}

/** Returns a requester for an account; without one, for the connection. */
export const asker = (context: DriverContext, account?: string): Asker => ({
  version: context.version,
  now: () => context.now(),
  sleep: (ms) => context.sleep(ms),
  call: (call) => context.call(call, account),
});

/** Sends one query. @throws SourceError */
export async function askOne({ version, call }: Asker, { path, form }: Part): Promise<unknown> {
  const post = form === undefined ? {} : { method: "POST" as const, headers: FORM, body: form };
  return (await call({ path: `/${version}/${path}`, ...post })).body;
}

/**
 * Sends all queries and returns their results in order: bodies, or the error of a query that is too large. Parts that timed
 * out or were throttled are sent again. @throws SourceError for errors that neither waiting nor a smaller query resolves.
 */
export async function askMany(
  asker: Asker,
  parts: readonly Part[],
): Promise<({ body: unknown } | { tooMuch: SourceError })[]> {
  const answers = new Map<Part, { body: unknown } | { tooMuch: SourceError }>();
  let open = [...parts];
  while (open.length > 0) {
    const batch = open.slice(0, BATCH_MAX);
    const answered = await readConsistent(UNANSWERED, async () => {
      const some = await askSome(asker, batch);
      return some.length > 0 ? some : null;
    });
    for (const [part, answer] of answered) answers.set(part, answer);
    open = open.filter((part) => !answers.has(part));
  }
  return parts.flatMap((part) => answers.get(part) ?? []);
}

type Answered = [Part, { body: unknown } | { tooMuch: SourceError }][];

async function askSome(asker: Asker, parts: Part[]): Promise<Answered> {
  const [first] = parts;
  try {
    if (first && parts.length === 1) return [[first, { body: await askOne(asker, first) }]];
    return await askBatch(asker, parts);
  } catch (error) {
    if (!(error instanceof SourceError) || error.code !== "too_much") throw error;
    return parts.map((part) => [part, { tooMuch: error }]);
  }
}

async function askBatch({ version, call, now }: Asker, parts: Part[]): Promise<Answered> {
  const batch = parts.map(({ path, form }) => ({
    method: form === undefined ? "GET" : "POST",
    relative_url: `${version}/${path}`,
    ...(form !== undefined && { body: form }),
  }));
  const body = new URLSearchParams({ batch: JSON.stringify(batch), include_headers: "true" }).toString();
  const answer = await call({ path: `/${version}/`, method: "POST", headers: FORM, body });
  const found = partsOf(answer);
  if (found === null) throw new SourceError("schema", "batch: the response is not a list");
  return parts.flatMap((part, i): Answered => {
    const own = found[i] ?? null;
    const failure = own && failureOf(own, now());
    if (own === null || (failure && passes(failure))) return [];
    if (failure?.code === "too_much") return [[part, { tooMuch: failure }]];
    if (failure) throw failure;
    return [[part, { body: own.body }]];
  });
}
