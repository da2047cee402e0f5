import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import type { EventRow } from "../../../../schema/wire/row";
import { HOUR_MS, MINUTE_MS } from "../../../../worker/lib/time";
import { makeAccount } from "../../../support/client";
import { makeRow } from "../../../support/make-row";
import { pushRows } from "../../../support/query-data";

const now = Date.now();
/** A zone in which it is daytime, so that the test runs within one day. */
const timezone = new Date(now).getUTCHours() < 12 ? "Asia/Tokyo" : "America/New_York";
let account: Awaited<ReturnType<typeof makeAccount>>;
let project: string;

const row = (id: string, ago: number, given: Partial<EventRow> = {}): EventRow =>
  makeRow({ project_id: project, event_id: id, timestamp: now - ago, visitor_id: "v1", ...given });

async function get(path: string, token = account.token) {
  return account.call("GET", `/api/v1/analytics/${project}/${path}`, { token });
}

beforeAll(async () => {
  account = await makeAccount();
  const { data } = await account.call("POST", "/api/v1/projects", {
    token: account.token,
    body: { name: "Shop", timezone },
  });
  project = data.id;
  await pushRows(
    [
      row("a", 3 * MINUTE_MS, { path: "/" }),
      row("b", 2 * MINUTE_MS, { path: "/pricing", properties: '{"plan":"pro"}' }),
      row("c", MINUTE_MS, {
        event_name: "$identify",
        distinct_id: "ada",
        visitor_id: "ada",
        session_id: "s1",
        country: "GB",
      }),
      row("d", 30_000, {
        event_name: "signup",
        distinct_id: "ada",
        visitor_id: "ada",
        session_id: "s1",
        country: "GB",
      }),
      row("e", 26 * HOUR_MS, { visitor_id: "v0" }),
    ],
    now,
  );
});

describe("presets", () => {
  it("overview: each metric with the previous range", async () => {
    const { status, data } = await get("overview?from=24h");
    expect(status).toBe(200);
    expect(data.metrics.events).toEqual({ value: 4, previous: 1, change: 3 });
    expect(data.metrics).toMatchObject({
      sessions: { value: 2, previous: 1 },
      visitors: { value: 2, previous: 1, change: 1 },
      users: { value: 1, previous: 0, change: null },
      pageviews: { value: 2, previous: 1 },
      bounce_rate: { value: 0, previous: 1, change: -1 },
      session_duration_ms: { value: 45_000, previous: 0, change: null },
      top_event: { name: "page_view", value: 2 },
    });
    expect(data.range.to - data.range.from).toBe(24 * HOUR_MS);
    expect(data.previous.to).toBe(data.range.from);
    expect(data.meta).toMatchObject({ source: "rollup", complete_until: now, approximate: false });
  });

  it("overview filtered by an event's page counts the sessions that saw it", async () => {
    const filters = encodeURIComponent(
      JSON.stringify({ dimension: "event:path", op: "eq", value: "/pricing" }),
    );
    const { data } = await get(`overview?from=24h&filters=${filters}`);
    expect(data.metrics).toMatchObject({
      events: { value: 1 },
      sessions: { value: 1 },
      visitors: { value: 1 },
    });
    expect(data.meta.source).toBe("lake");
  });

  it("overview filtered by a visit's country counts its events", async () => {
    const filters = encodeURIComponent(JSON.stringify({ dimension: "visit:country", op: "eq", value: "GB" }));
    const { data } = await get(`overview?from=24h&filters=${filters}`);
    expect(data.metrics).toMatchObject({
      events: { value: 2 },
      sessions: { value: 1 },
      users: { value: 1 },
      top_event: { value: 1 },
    });
  });

  it("timeseries: every bucket, zeros included, the open one marked", async () => {
    const { data } = await get("timeseries?from=24h&granularity=hour&metric=visitors&compare=previous");
    expect(data).toMatchObject({ granularity: "hour", timezone });
    expect(data.data).toHaveLength(24);
    expect(data.data.filter((point: { partial: boolean }) => point.partial)).toEqual([data.data.at(-1)]);
    const sum = (name: string) =>
      data.data.reduce((all: number, p: Record<string, number>) => all + p[name]!, 0);
    expect(sum("value")).toBeGreaterThanOrEqual(2);
    expect(sum("previous")).toBe(1);
  });

  it("timeseries of a metric of sessions", async () => {
    const { data } = await get("timeseries?from=7d&metric=bounce_rate");
    expect(data.data).toHaveLength(7);
    const wrong = await get("timeseries?metric=visitor");
    expect(wrong.status).toBe(422);
    expect(wrong.data).toMatchObject({ code: "unknown_name", detail: expect.stringContaining("visitors") });
  });

  it("top events with their share", async () => {
    const { data } = await get("top-events?from=24h&limit=2");
    expect(data.data).toEqual([
      { event: "page_view", count: 2, visitors: 1, share: 0.5 },
      { event: "$identify", count: 1, visitors: 1, share: 0.25 },
    ]);
  });
});

describe("lists", () => {
  it("events, newest first, page by page", async () => {
    const first = await get("events?from=7d&limit=2");
    expect(first.data.data.map((event: { event_id: string }) => event.event_id)).toEqual(["d", "c"]);
    expect(first.data.total).toBe(5);
    const second = await get(`events?from=7d&limit=2&cursor=${first.data.next_cursor}`);
    expect(second.data.data).toMatchObject([
      { event_id: "b", event: "page_view", properties: { plan: "pro" }, clock_skewed: false },
      { event_id: "a", properties: null },
    ]);
    const third = await get(`events?from=7d&limit=2&cursor=${second.data.next_cursor}`);
    expect(third.data.data).toMatchObject([{ event_id: "e" }]);
    expect(third.data.next_cursor).toBeNull();
    expect((await get("events?cursor=nonsense")).status).toBe(400);
  });

  it("events filtered by their visit", async () => {
    const filters = encodeURIComponent(JSON.stringify({ dimension: "visit:country", op: "eq", value: "GB" }));
    const { data } = await get(`events?from=7d&filters=${filters}`);
    expect(data.data.map((event: { event_id: string }) => event.event_id)).toEqual(["d", "c"]);
    expect(data.total).toBe(2);
  });

  it("sessions, open ones too", async () => {
    const { data } = await get("sessions?from=7d");
    expect(data.total).toBe(3);
    expect(data.data).toMatchObject([
      { session_key: "ss1", distinct_id: "ada", events: 2, duration_ms: 30_000 },
      { session_key: "vv1", pageviews: 2, entry_path: "/", exit_path: "/pricing", bounce: false },
      { session_key: "vv0", bounce: true },
    ]);
  });

  it("sessions that have an event", async () => {
    const filters = encodeURIComponent(
      JSON.stringify({ dimension: "property:plan", op: "eq", value: "pro" }),
    );
    const { data } = await get(`sessions?from=7d&filters=${filters}`);
    expect(data.data).toMatchObject([{ session_key: "vv1" }]);
    expect(data.total).toBe(1);
  });

  it("users that an identify event has named", async () => {
    const { data } = await get("users?from=7d");
    expect(data).toMatchObject({
      data: [{ distinct_id: "ada", events: 2, pageviews: 0, sessions: 1, first_seen: now - MINUTE_MS }],
      next_cursor: null,
      total: 1,
    });
  });
});

describe("queries", () => {
  const ask = (body: unknown, path = "") =>
    account.call("POST", `/api/v1/query/${project}${path}`, { token: account.token, body });

  it("answers columns and rows", async () => {
    const { data } = await ask({
      dataset: "events",
      metrics: ["events"],
      dimensions: ["event:path"],
      range: "24h",
    });
    expect(data).toMatchObject({
      columns: [
        { name: "event:path", type: "string" },
        { name: "events", type: "number", unit: "count" },
      ],
      totals: { events: 4 },
    });
    expect(data.rows.toSorted()).toEqual([
      ["/", 3],
      ["/pricing", 1],
    ]);
  });

  it("answers a batch one by one", async () => {
    const good = { dataset: "sessions", metrics: ["sessions"], range: "24h" };
    const { status, data } = await ask(
      { queries: { good, bad: { ...good, metrics: ["sesions"] } } },
      "/batch",
    );
    expect(status).toBe(200);
    expect(data.results.good.rows).toEqual([[2]]);
    expect(data.results.bad).toMatchObject({
      status: 422,
      code: "unknown_name",
      detail: expect.stringContaining("did you mean `sessions`?"),
    });
  });

  it("caches results until the watermark changes", async () => {
    const body = { dataset: "events", metrics: ["events"], range: "24h" };
    expect((await ask(body)).headers.get("x-answer")).toBe("made");
    await expect.poll(async () => (await ask(body)).headers.get("x-answer")).toBe("kept");
    await pushRows([row("f", 10_000)], now + 1000);
    const moved = await ask(body);
    expect(moved.headers.get("x-answer")).toBe("made");
    expect(moved.data.totals).toEqual({ events: 5 });
  });

  it("has a catalog", async () => {
    const { data } = await account.call("GET", "/api/v1/datasets", { token: account.token });
    expect(data.datasets.map((dataset: { name: string }) => dataset.name)).toEqual([
      "events",
      "sessions",
      "ads",
      "deals",
      "subscriptions",
      "contacts",
      "tables",
    ]);
  });
});

describe("access", () => {
  it("is refused without a credential, for another tenant, and without the scope", async () => {
    expect((await account.call("GET", `/api/v1/analytics/${project}/overview`)).status).toBe(401);
    const otherAccount = await makeAccount();
    expect((await get("overview", otherAccount.token)).status).toBe(404);
    const { data } = await account.call("POST", "/api/v1/tokens", {
      token: account.token,
      body: { name: "writer", scopes: ["events:write"] },
    });
    expect((await get("overview", data.token)).status).toBe(403);
  });

  it("a cached result is never returned to another project", async () => {
    const body = { dataset: "events", metrics: ["events"], range: "24h" };
    const other = await makeAccount();
    const { data } = await other.call("POST", "/api/v1/projects", {
      token: other.token,
      body: { name: "Other" },
    });
    await env.SHARD_0.prepare(
      `UPDATE fold_state SET (seq, epoch, complete_until) =
         (SELECT seq, epoch, complete_until FROM fold_state WHERE project = ?1) WHERE project = ?2`,
    )
      .bind(project, data.id)
      .run();
    const theirs = await other.call("POST", `/api/v1/query/${data.id}`, { token: other.token, body });
    expect(theirs.data.totals).toEqual({ events: 0 });
  });
});
