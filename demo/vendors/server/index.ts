/**
 * Local HTTP servers that replace vendors. A vendor is a description (`stripe`, `hubspot`, …); this file
 * gives it a port on 127.0.0.1, a clock, a log and its faults. No test framework is used here: the demo runs them too.
 * @module
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { type Account, makeAccount } from "../company/index.ts";
import { type FaultBoard, type FaultKind, faultBoard, type Misbehavior } from "./faults.ts";
import type { VendorAnswer, VendorRequest } from "./routes.ts";

/** The environment of a vendor. */
export interface Stage {
  seed: number;
  account: Account;
  /** The vendor's time, epoch ms: data, token ages and rate windows follow it. */
  now(): number;
  faults: FaultBoard;
  /** URL of this server, such as `http://127.0.0.1:49152`. */
  url(): string;
  /** Whether documented rate limits are enforced; when false only the `throttle` fault throttles. */
  limits: boolean;
}

/** A running vendor's handlers. */
export interface VendorApp<Truth> {
  /** Answers a request; unknown paths get the vendor's own "not found". */
  handle(request: VendorRequest): VendorAnswer;
  /** The response to a throttled call, as the vendor documents it. */
  throttled(request: VendorRequest, variant?: string | number): VendorAnswer;
  /** The response of a failing vendor: 5xx with its usual body. */
  broken(request: VendorRequest, variant?: string | number): VendorAnswer;
  /** Applies faults that are not about single calls: tokens, restated days, removed objects. */
  misbehave?(fault: Misbehavior): void;
  /** Everything that the vendor currently returns to a correct client: the expected contents of synced tables. */
  truth(): Truth;
}

/** A vendor that can be started. */
export interface Vendor<Truth> {
  name: string;
  /** The supported misbehavior and its effects. */
  faults: Partial<Record<FaultKind, string>>;
  open(stage: Stage): VendorApp<Truth>;
}

/** One request with its response. */
export interface LoggedCall {
  at: number;
  method: string;
  path: string;
  query: string;
  /** The `Authorization` header, empty without one. */
  auth: string;
  /** 0 when the connection was cut in the middle of the body. */
  status: number;
  /** Bytes of the response's whole body. */
  bytes: number;
  /** Number of calls in it: more than 1 for a batch. */
  parts: number;
  /** The fault of this call, if there was one. */
  fault?: FaultKind;
}

/** Options of a vendor. */
export interface VendorOptions {
  /** Seed of the generated account. Default: 1. */
  seed?: number;
  /** The time: a fixed value that `setNow` changes, or a function. Default: `Date.now`. */
  now?: number | (() => number);
  /** Faults from the start. */
  misbehave?: Misbehavior | Misbehavior[];
  /** An account shared with other vendors; default: generated from the seed. */
  account?: Account;
  /** Whether to enforce the documented rate limits. Default: true. */
  limits?: boolean;
  /** Port, for the demo. Default: 0 (any free one). */
  port?: number;
}

/** A vendor that is running. */
export interface RunningVendor<Truth> {
  name: string;
  url: string;
  account: Account;
  /** Every call since the start, oldest first. */
  log: LoggedCall[];
  now(): number;
  /** Moves the clock. @throws when the clock is a function */
  setNow(at: number): void;
  /** Adds faults. @throws for a kind that the vendor does not support */
  misbehave(plan: Misbehavior | Misbehavior[]): void;
  /** Ends pending faults. */
  calm(): void;
  truth(): Truth;
  close(): Promise<void>;
}

async function readRequest(incoming: IncomingMessage): Promise<VendorRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(Buffer.from(chunk));
  const [path = "/", ...rest] = (incoming.url ?? "/").split("?");
  const search = rest.join("?");
  const headers = Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]);
  return {
    method: incoming.method ?? "GET",
    path,
    query: new URLSearchParams(search),
    search,
    headers: Object.fromEntries(headers),
    body: Buffer.concat(chunks).toString("utf8"),
    params: {},
  };
}

function bodyOf(answer: VendorAnswer): Buffer {
  if (answer.body === undefined) return Buffer.alloc(0);
  return Buffer.from(typeof answer.body === "string" ? answer.body : JSON.stringify(answer.body));
}

function send(response: ServerResponse, answer: VendorAnswer, body: Buffer): void {
  response.writeHead(answer.status ?? 200, {
    "content-type": "application/json;charset=utf-8",
    ...answer.headers,
    "content-length": body.length,
  });
  response.end(body);
}

/** Sends the head and half of the body, then closes: the announced length is never reached. */
function sendHalf(response: ServerResponse, answer: VendorAnswer, body: Buffer): void {
  response.writeHead(answer.status ?? 200, {
    "content-type": "application/json;charset=utf-8",
    ...answer.headers,
    "content-length": Math.max(body.length, 2),
  });
  response.write(body.subarray(0, Math.floor(body.length / 2)), () => response.destroy());
}

/** Answers with the faults of single calls; paging faults are applied by the vendor itself. */
function answerTo<Truth>(app: VendorApp<Truth>, faults: FaultBoard, request: VendorRequest) {
  const throttle = faults.take("throttle", request.path);
  if (throttle) return { answer: app.throttled(request, throttle.variant), fault: throttle.kind };
  const fail = faults.take("fail", request.path);
  if (fail) return { answer: app.broken(request, fail.variant), fault: fail.kind };
  let answer: VendorAnswer;
  try {
    answer = app.handle(request);
  } catch (error) {
    // An error of the stand-in itself, not behavior of the vendor: returned to the test.
    answer = { status: 500, body: `stand-in failed: ${error instanceof Error ? error.stack : error}` };
  }
  return { answer, fault: faults.take("drop", request.path)?.kind };
}

/** Starts a vendor on 127.0.0.1. */
export async function startVendor<Truth>(
  vendor: Vendor<Truth>,
  options: VendorOptions = {},
): Promise<RunningVendor<Truth>> {
  const { seed = 1, now: clock = Date.now, limits = true } = options;
  let fixed = typeof clock === "number" ? clock : undefined;
  const now = () => (typeof clock === "function" ? clock() : (fixed ?? clock));
  const account = options.account ?? makeAccount({ seed });
  const faults = faultBoard();
  const log: LoggedCall[] = [];
  let url = "";
  const app = vendor.open({ seed, account, now, faults, limits, url: () => url });

  const server = createServer(async (incoming, response) => {
    const request = await readRequest(incoming);
    const { answer, fault } = answerTo(app, faults, request);
    const body = bodyOf(answer);
    const status = fault === "drop" ? 0 : (answer.status ?? 200);
    const { method, path, search: query, headers } = request;
    log.push({
      at: now(),
      method,
      path,
      query,
      auth: headers.authorization ?? "",
      status,
      bytes: body.length,
      parts: answer.parts ?? 1,
      fault,
    });
    if (fault === "drop") sendHalf(response, answer, body);
    else send(response, answer, body);
  });
  await new Promise<void>((done, fail) => {
    server.once("error", fail);
    server.listen(options.port ?? 0, "127.0.0.1", done);
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error(`${vendor.name}: no port`);
  url = `http://127.0.0.1:${address.port}`;

  const misbehave = (plan: Misbehavior | Misbehavior[]) => {
    for (const fault of [plan].flat()) {
      if (vendor.faults[fault.kind] === undefined) throw new Error(`${vendor.name} cannot ${fault.kind}`);
      faults.add(fault);
      app.misbehave?.(fault);
    }
  };
  misbehave(options.misbehave ?? []);

  return {
    name: vendor.name,
    url,
    account,
    log,
    now,
    setNow: (at) => {
      if (fixed === undefined) throw new Error(`${vendor.name}: the clock is a function`);
      fixed = at;
    },
    misbehave,
    calm: faults.clear,
    truth: app.truth,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}
