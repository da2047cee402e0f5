import { describe, expect, it } from "vitest";
import { z } from "zod";
import { openClient, type VendorClientOptions } from "../../../../worker/sources/vendor/client";
import { type Driver, type Secrets, SourceError } from "../../../../worker/sources/vendor/driver";
import type { Limiter, Outcome } from "../../../../worker/sources/vendor/limiter";

const START = Date.UTC(2026, 10, 20);

/** A driver whose vendor reports errors by status, and in `until` how long to wait. */
const driver: Driver = {
  name: "http",
  label: "Test",
  category: "generic",
  description: "",
  baseUrl: "https://api.example.com",
  version: "v1",
  sunset: null,
  auth: { kind: "none" },
  settings: z.strictObject({}),
  settingFields: [],
  limits: [],
  streams: [],
  sign: ({ token = "" }) => ({ authorization: token }),
  check: async () => [],
  read: async function* () {},
  usage: ({ headers }) => [{ name: "calls", used: Number(headers.get("used")) }],
  failure: ({ status, headers }) => {
    const until = headers.get("until");
    const more = until === null ? {} : { until: START + Number(until) };
    if (status === 401) return new SourceError("auth", "ended");
    if (status === 403) return new SourceError("forbidden", "not allowed");
    if (status === 429) return new SourceError("rate_limited", "wait", more);
    return status >= 300 ? new SourceError("unavailable", "broken", more) : null;
  },
};

type Reply = Response | Error | ((request: { url: string; init: RequestInit }) => Response);
const ok = (body: unknown = {}) => Response.json(body);
const status = (code: number, headers: Record<string, string> = {}) =>
  new Response("", { status: code, headers });

/** A session whose vendor returns the replies in turn, and a log of events. */
function setup(replies: Reply[], options: Partial<VendorClientOptions> = {}) {
  const waits: number[] = [];
  const outcomes: Outcome[] = [];
  const asked: { url: string; init: RequestInit }[] = [];
  const clock = { at: START };
  const limiter: Limiter = {
    take: async () => ({ wait_until: null, breaker: false }),
    report: async (outcome) => void outcomes.push(outcome),
  };
  const session = openClient({
    driver,
    settings: {},
    secrets: { token: "t1" },
    limiter: () => limiter,
    fetch: async (url, init) => {
      asked.push({ url, init });
      const reply = replies.shift();
      if (reply === undefined) throw new Error("no reply is left");
      if (reply instanceof Error) throw reply;
      return reply instanceof Response ? reply : reply({ url, init });
    },
    clock: {
      now: () => clock.at,
      sleep: async (ms) => {
        waits.push(ms);
        clock.at += ms;
      },
      random: () => 0.5,
    },
    ...options,
  });
  return { session, call: session.context.call, waits, outcomes, asked, clock };
}

const problem = (promise: Promise<unknown>) =>
  promise.then(
    () => null,
    (error: unknown) => (error instanceof SourceError ? { code: error.code, until: error.until } : error),
  );
const signedBy = ({ init }: { init: RequestInit }) => new Headers(init.headers).get("authorization");

describe("a call", () => {
  it("is signed, counted and reported with the response's limits", async () => {
    const { call, asked, session, outcomes } = setup([ok({ a: 1 })]);
    expect(
      await call({ path: "/x?dateRange=(start:(year:2026))", headers: { accept: "text/csv" } }),
    ).toMatchObject({
      status: 200,
      body: { a: 1 },
    });
    expect(asked[0]).toMatchObject({
      url: "https://api.example.com/x?dateRange=(start:(year:2026))",
      init: { method: "GET", redirect: "manual", headers: { accept: "text/csv", authorization: "t1" } },
    });
    expect(session.counters).toEqual({ requests: 1, bytes: 7, throttled: 0 });
    expect(outcomes).toEqual([{ ok: true, usage: [{ name: "calls", used: 0 }], until: undefined }]);
  });

  it("sends objects as JSON and texts as they are", async () => {
    const { call, asked } = setup([ok(), ok()]);
    await call({ path: "/a", body: { b: [1] } });
    await call({ path: "/a", body: "b=1", headers: { "content-type": "application/x-www-form-urlencoded" } });
    const sent = asked.map(({ init }) => [
      init.method,
      init.body,
      new Headers(init.headers).get("content-type"),
    ]);
    expect(sent).toEqual([
      ["POST", '{"b":[1]}', "application/json"],
      ["POST", "b=1", "application/x-www-form-urlencoded"],
    ]);
  });

  it("is limited to the vendor's origin, also a configured one", async () => {
    const { call, asked } = setup([ok()], { baseUrl: "http://127.0.0.1:8/" });
    await call({ path: "http://127.0.0.1:8/next?page=2" });
    expect(asked[0]?.url).toBe("http://127.0.0.1:8/next?page=2");
    expect(await problem(call({ path: "http://127.0.0.1:9/next" }))).toMatchObject({ code: "invalid" });
    expect(await problem(call({ path: "//elsewhere.example/next" }))).not.toBeNull();
  });
});

describe("a temporary failure", () => {
  it("is retried after a random part of an increasing wait, at most five times", async () => {
    const { call, waits, outcomes } = setup([status(500), new Error("reset"), status(502), ok()]);
    expect((await call({ path: "/x" })).status).toBe(200);
    expect(waits).toEqual([500, 1000, 2000]);
    expect(outcomes.map((outcome) => outcome.ok)).toEqual([false, false, false, true]);
    const hopeless = setup(Array.from({ length: 5 }, () => status(500)));
    expect(await problem(hopeless.call({ path: "/x" }))).toEqual({
      code: "unavailable",
      until: START + 500 + 1000 + 2000 + 4000 + 60_000,
    });
  });

  it("is retried after the vendor's wait if that is short", async () => {
    const { call, waits, session } = setup([status(429, { until: "10000" }), ok()]);
    await call({ path: "/x" });
    expect(waits).toEqual([10_000]);
    expect(session.counters.throttled).toBe(1);
  });

  it("is returned to the caller if the wait is long", async () => {
    const { call, waits } = setup([status(429, { until: "330000" })]);
    expect(await problem(call({ path: "/x" }))).toEqual({ code: "rate_limited", until: START + 330_000 });
    expect(waits).toEqual([]);
  });

  it("may be a truncated response", async () => {
    const cut = () => new Response("{", { headers: { "content-type": "application/json" } });
    const short = () => new Response("[]", { headers: { "content-length": "9" } });
    const { call, waits } = setup([cut(), short(), ok()]);
    await call({ path: "/x" });
    expect(waits).toHaveLength(2);
  });

  it("is not retried for permanent errors", async () => {
    const { call, asked } = setup([status(403)]);
    expect(await problem(call({ path: "/x" }))).toMatchObject({ code: "forbidden" });
    expect(asked).toHaveLength(1);
  });
});

describe("access that has ended", () => {
  it("is renewed once, stored, and only then used", async () => {
    const stored: Secrets[] = [];
    const { call, asked } = setup(
      [
        status(401),
        () => {
          expect(stored).toEqual([{ token: "t2" }]);
          return ok();
        },
        ok(),
      ],
      { renew: async () => ({ token: "t2" }), onSecrets: async (secrets) => void stored.push(secrets) },
    );
    await call({ path: "/x" });
    await call({ path: "/x" });
    expect(asked.map(signedBy)).toEqual(["t1", "t2", "t2"]);
  });

  it("is renewed once for all concurrent calls", async () => {
    let renewals = 0;
    const reply: Reply = ({ init }) => (signedBy({ init }) === "t1" ? status(401) : ok());
    const { call } = setup([reply, reply, reply, reply, reply, reply], {
      renew: async () => ({ token: `t${++renewals + 1}` }),
    });
    await Promise.all([call({ path: "/a" }), call({ path: "/b" }), call({ path: "/c" })]);
    expect(renewals).toBe(1);
  });

  it("ends the call when renewed access is refused too, or cannot be renewed", async () => {
    const { call } = setup([status(401), status(401)], { renew: async () => ({ token: "t2" }) });
    expect(await problem(call({ path: "/x" }))).toMatchObject({ code: "auth" });
    const keys = setup([status(401)]);
    expect(await problem(keys.call({ path: "/x" }))).toMatchObject({ code: "auth" });
  });
});

describe("the limiter", () => {
  const held = (waits: (number | null)[], breaker = false): Limiter => ({
    take: async (_, now) => {
      const wait = waits.shift() ?? null;
      return { wait_until: wait === null ? null : now + wait, breaker };
    },
    report: async () => {},
  });

  it("is checked before each call, and waited for if the wait is short", async () => {
    const { call, waits } = setup([ok()], { limiter: () => held([400, 5000, null]) });
    await call({ path: "/x" });
    expect(waits).toEqual([400, 5000]);
  });

  it("ends the call when the wait, or the sum of waits, is long", async () => {
    const { call } = setup([], { limiter: () => held([10_000, 10_000]) });
    expect(await problem(call({ path: "/x" }))).toEqual({ code: "rate_limited", until: START + 20_000 });
  });

  it("ends the call while the breaker is open", async () => {
    const { call, asked } = setup([], { limiter: () => held([1], true) });
    expect(await problem(call({ path: "/x" }))).toEqual({ code: "breaker_open", until: START + 1 });
    expect(asked).toEqual([]);
  });
});
