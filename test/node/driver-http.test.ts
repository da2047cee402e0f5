/** The driver for any API, against a server that pages in every way. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { afterEach, describe, expect, it } from "vitest";
import type { Mapping } from "../../schema/wire/mapping.ts";
import { http } from "../../worker/sources/drivers/http/driver.ts";
import { advance } from "../../worker/sources/engine/advance.ts";
import { newMemory } from "../../worker/sources/engine/memory.ts";
import { recordsOf } from "../../worker/sources/records/index.ts";
import type { Json } from "../../worker/sources/vendor/driver.ts";
import { bucketInMemory, shardInMemory } from "../support/node-storage.ts";
import { SourceReader } from "../support/read-source.ts";

const NOW = Date.UTC(2026, 10, 21, 3);
const ORDERS = Array.from({ length: 23 }, (_, i) => ({
  id: `o${i}`,
  total: `${i}.50`,
  customer: { email: `p${i}@example.com` },
  updated_at: new Date(NOW - (23 - i) * 3_600_000).toISOString(),
}));
const MAPPING: Mapping = {
  dataset: "orders",
  primary_key: ["id"],
  time_field: "at",
  fields: [
    { name: "id", from: "id", type: "text", currency: null },
    { name: "total", from: "total", type: "money", currency: "EUR" },
    { name: "email", from: "customer.email", type: "text", currency: null },
    { name: "at", from: "updated_at", type: "time", currency: null },
  ],
};
const EXPECTED = new Map(
  ORDERS.map(({ id, total, customer, updated_at }) => [
    id,
    { id, total: Number(total), email: customer.email, at: Date.parse(updated_at) },
  ]),
);

interface Asked {
  url: URL;
  headers: IncomingMessage["headers"];
}
type Answer = (asked: Asked, response: ServerResponse) => unknown;
const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function serve(answer: Answer) {
  const log: Asked[] = [];
  const server = createServer((request, response) => {
    const asked = { url: new URL(request.url ?? "", "http://x"), headers: request.headers };
    log.push(asked);
    const body = answer(asked, response);
    response.setHeader("content-type", "application/json");
    response.end(typeof body === "string" ? body : JSON.stringify(body));
  });
  servers.push(server);
  await new Promise<void>((done) => void server.listen(0, "127.0.0.1", done));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return { url: `http://127.0.0.1:${address.port}`, log };
}

function reader(base: string, settings: Record<string, Json>, token = "") {
  const own = { url: `${base}/orders`, mapping: MAPPING as unknown as Json, ...settings };
  const parsed = http.settings.parse(own);
  const vendor = { url: base, time: NOW, now: () => vendor.time, setNow };
  function setNow(at: number) {
    vendor.time = at;
  }
  return new SourceReader(http.tailored?.(parsed) ?? http, vendor, { token }, { settings: own });
}
const number = (url: URL, name: string, fallback = 0) => Number(url.searchParams.get(name) ?? fallback);
const failing = (reading: Promise<unknown>) =>
  reading.then(
    () => undefined,
    (error: unknown) => error,
  );

describe("pages", () => {
  const ways: [string, Record<string, Json>, Answer][] = [
    ["none", { records_path: "data.items" }, () => ({ data: { items: ORDERS } })],
    [
      "page",
      { paging: "page", size_parameter: "per_page", page_size: 10 },
      ({ url }) => {
        const size = number(url, "per_page");
        return ORDERS.slice((number(url, "page") - 1) * size, number(url, "page") * size);
      },
    ],
    [
      "page without a size",
      { paging: "page", page_parameter: "p" },
      ({ url }) => ORDERS.slice((number(url, "p") - 1) * 5, number(url, "p") * 5),
    ],
    [
      "offset",
      { paging: "offset", page_size: 10 },
      ({ url }) => ORDERS.slice(number(url, "offset"), number(url, "offset") + 10),
    ],
    [
      "cursor",
      { paging: "cursor", cursor_path: "meta.next", records_path: "items", page_parameter: "after" },
      ({ url }) => {
        const end = number(url, "after") + 8;
        return { items: ORDERS.slice(end - 8, end), meta: { next: end < ORDERS.length ? end : null } };
      },
    ],
    [
      "link",
      { paging: "link" },
      ({ url }, response) => {
        const end = number(url, "from") + 9;
        const last = `<http://${url.host}/orders?from=0>; rel="first"`;
        const next = `</orders?from=${end}>; rel="next"`;
        response.setHeader("link", end < ORDERS.length ? `${last}, ${next}` : last);
        return ORDERS.slice(end - 9, end);
      },
    ],
  ];
  it.each(ways)("by %s give all records, typed", async (_, settings, answer) => {
    const { url } = await serve(answer);
    expect(await reader(url, settings).read("records")).toEqual(EXPECTED);
  });

  it("that are repeated are refused", async () => {
    const { url } = await serve(() => ORDERS.slice(0, 5));
    expect(await failing(reader(url, { paging: "page" }).read("records"))).toMatchObject({
      code: "unavailable",
    });
  });

  it("on another host are not requested", async () => {
    const { url, log } = await serve((_, response) => {
      response.setHeader("link", '<http://127.0.0.1:9/orders>; rel="next"');
      return ORDERS.slice(0, 5);
    });
    expect(await failing(reader(url, { paging: "link" }).read("records"))).toMatchObject({ code: "invalid" });
    // Once to find the account and once to read.
    expect(log).toHaveLength(2);
  });
});

describe("changes", () => {
  const settings = { since_parameter: "since", since_path: "updated_at" };
  it("are requested from the latest known time", async () => {
    const orders = [...ORDERS];
    const { url, log } = await serve(({ url: asked }) =>
      orders.filter(({ updated_at }) => updated_at >= (asked.searchParams.get("since") ?? "")),
    );
    const own = reader(url, settings);
    expect(await own.read("records")).toEqual(EXPECTED);
    const changed = { ...ORDERS[3]!, total: "99", updated_at: new Date(NOW).toISOString() };
    orders.push(changed);
    const after = await own.read("records");
    expect(after.size).toBe(23);
    expect(after.get("o3")).toMatchObject({ total: 99 });
    expect(log.at(-1)?.url.searchParams.get("since")).toBe(ORDERS.at(-1)?.updated_at);
  });

  it("are all records when the mapping has changed", async () => {
    const { url, log } = await serve(() => ORDERS);
    const own = reader(url, settings);
    await own.read("records");
    const mapping = { ...MAPPING, fields: MAPPING.fields.slice(0, 2), time_field: null };
    const next = reader(url, { ...settings, mapping: mapping as unknown as Json });
    next.states.set("records", own.states.get("records") ?? null);
    const found = await next.read("records");
    expect(next.restarts.get("records")).toBe(1);
    expect(found.get("o1")).toEqual({ id: "o1", total: 1.5 });
    expect(log.at(-1)?.url.searchParams.has("since")).toBe(false);
  });
});

describe("answers", () => {
  it.each([
    ["bearer", "", "authorization", "Bearer k:1"],
    ["header", "X-Token", "x-token", "k:1"],
    ["basic", "", "authorization", `Basic ${Buffer.from("k:1").toString("base64")}`],
    ["none", "", "authorization", undefined],
  ])("are requested with the key as %s", async (auth, header_name, header, value) => {
    const { url, log } = await serve(() => ORDERS);
    await reader(url, { auth, header_name }, "k:1").read("records");
    expect(log[0]?.headers[header]).toBe(value);
  });

  it.each([
    [401, {}, { code: "auth" }],
    [403, {}, { code: "forbidden" }],
    [404, {}, { code: "invalid" }],
    [429, { "retry-after": "60" }, { code: "rate_limited", until: NOW + 60_000 }],
    [503, {}, { code: "unavailable" }],
  ])("with %s are accepted", async (status, headers, error) => {
    const { url } = await serve((_, response) => {
      response.statusCode = status;
      response.setHeaders(new Map(Object.entries(headers)));
      return {};
    });
    expect(await failing(reader(url, {}).read("records"))).toMatchObject(error);
  });

  it.each([
    ["no list there", { records_path: "data" }, ORDERS, "no list of records at data"],
    ["a value of another type", {}, [{ id: "a", total: "lots" }], "record 1: total is not a money"],
    ["no key", {}, [{ total: "1" }], "record 1: id is empty"],
  ])("with %s are refused as an unexpected shape", async (_, settings, body, message) => {
    const { url } = await serve(() => body);
    const error = await failing(reader(url, settings).read("records"));
    expect(error).toMatchObject({ code: "schema" });
    expect(String(error)).toContain(message);
    expect(String(error)).not.toContain("lots");
  });

  it("require a mapping", async () => {
    const { url } = await serve(() => ORDERS);
    const stream = { name: "records" } as Parameters<typeof http.read>[0]["stream"];
    const own = reader(url, {});
    const bare = { ...own.session.context, settings: { url: `${url}/orders` } };
    const account = await own.account();
    const reading = async () => {
      for await (const _ of http.read({ stream, account, state: null }, bare)) return;
    };
    expect(await failing(reading())).toMatchObject({ code: "invalid" });
  });
});

describe("syncs", () => {
  it.each([
    ["whole lists, with what is gone", {}, 22],
    ["what has changed, without it", { since_parameter: "since", since_path: "updated_at" }, 23],
  ])("of %s result in the mapped records", async (_, settings, left) => {
    let orders = [...ORDERS];
    const { url } = await serve(() => orders);
    const [db, lake, name] = [
      shardInMemory(),
      bucketInMemory(),
      { project: "p", source: "s", stream: "records" },
    ];
    const sync = async (at: number) => {
      const own = reader(url, settings);
      own.vendor.setNow(at);
      const run = {
        project: "p",
        source: "s",
        startedAt: at,
        accounts: [await own.account()],
        backfillDays: 90,
      };
      const budget = { ms: 20_000, records: 20_000 };
      const { outcome } = await advance({ db, lake, session: own.session }, run, newMemory(), budget);
      expect(outcome).toEqual({ kind: "done", status: "succeeded", error: null });
      const rows: unknown[] = [];
      for await (const page of recordsOf(db, name))
        rows.push(...page.filter(({ removed_at }) => removed_at === null).map(({ body }) => body));
      return rows;
    };
    const byId = (rows: unknown[]) => new Map(rows.map((row) => [Object(row).id, row]));
    expect(byId(await sync(NOW))).toEqual(EXPECTED);
    orders = ORDERS.slice(1);
    expect(await sync(NOW + 3_600_000)).toHaveLength(left);
  });
});
