import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, test } from "vitest";
import { api } from "../../../worker/api/app";
import { readCursors, recordsOf } from "../../../worker/sources/records";
import { makeAccount } from "../../support/client";
import { deliver, PUSHED_BINDINGS, signatureOf, webhookSecret } from "../../support/webhook";

const bindings = PUSHED_BINDINGS;
const SECRET = webhookSecret();
const field = (name: string, type = "text", from = name) => ({ name, from, type });
const MAPPING = {
  dataset: "orders",
  primary_key: ["id"],
  time_field: "at",
  fields: [field("id"), field("total", "number"), field("at", "time", "created_at")],
};

type Account = Awaited<ReturnType<typeof makeAccount>>;
let owner: Account;
let project: string;
beforeAll(async () => {
  owner = await makeAccount();
  const body = { name: "Shop", timezone: "UTC" };
  project = (await owner.call("POST", "/api/v1/projects", { token: owner.token, body })).data.id;
});

const at = (rest = "") => `/api/v1/projects/${project}/sources${rest}`;
const call = (method: string, path: string, body?: unknown) =>
  owner.call(method, path, { token: owner.token, bindings, body });
async function makeSource(driver: string, more: object = {}, settings: object = { mapping: MAPPING }) {
  const { status, data } = await call("POST", at(), { driver, settings, ...more });
  expect(status, JSON.stringify(data)).toBe(201);
  return data;
}
async function rowsOf(source: string) {
  const found: unknown[] = [];
  for await (const page of recordsOf(env.SHARD_0, { project, source, stream: "records" }))
    found.push(...page.filter(({ removed_at }) => removed_at === null).map(({ body }) => body));
  return found;
}

async function put(source: string, text: string, query = "") {
  const path = at(`/${source}/file${query}`);
  const headers = { authorization: `Bearer ${owner.token}`, "content-type": "text/csv" };
  const answer = await api.request(path, { method: "PUT", headers, body: text }, bindings);
  // biome-ignore lint/suspicious/noExplicitAny: responses have many shapes in tests.
  return { status: answer.status, data: (await answer.json()) as any };
}

describe("a file", () => {
  test("becomes records, and only changes when uploaded again", async () => {
    const { id, accounts } = await makeSource("csv");
    expect(accounts).toMatchObject([{ id: "default", selected: true }]);
    const first = await put(id, 'id,total,created_at\n1,"1,200.5",2026-11-01\n2,,2026-11-02\n');
    expect(first).toMatchObject({ status: 200, data: { rows: 2, changed: 2, duplicate: false } });
    expect(await rowsOf(id)).toEqual([
      { at: Date.UTC(2026, 10, 1), id: "1", total: 1200.5 },
      { at: Date.UTC(2026, 10, 2), id: "2", total: null },
    ]);
    const again = await put(id, "id;total;created_at\n2;5;2026-11-02\n3;1;2026-11-03");
    expect(again.data).toMatchObject({ rows: 2, changed: 2 });
    expect(await rowsOf(id)).toHaveLength(3);
    const replaced = await put(id, "id,total,created_at\n2,5,2026-11-02", "?replace=true");
    expect(replaced.data).toMatchObject({ rows: 1, changed: 2 });
    expect(await rowsOf(id)).toHaveLength(1);
    const [cursor] = await readCursors(env.SHARD_0, project, id);
    expect(cursor?.complete_until).toBeGreaterThan(0);
    const { data } = await call("GET", at(`/${id}`));
    expect(data.streams).toMatchObject([{ name: "records", label: "orders", rows: 1 }]);
  });

  test.each([
    ["id,total,created_at\n1,lots,2026-11-01", "row_invalid"],
    ["id,total,created_at\n,1,2026-11-01", "row_invalid"],
    ['id,total\n"1,2', "csv_invalid"],
  ])("that does not fit is refused as a whole: %j", async (text, code) => {
    const { id } = await makeSource("csv");
    const refused = await put(id, text);
    expect(refused).toMatchObject({ status: 422, data: { code } });
    expect(await rowsOf(id)).toEqual([]);
  });

  test("requires a mapping, which other settings do not change", async () => {
    const { id } = await makeSource("csv", {}, {});
    expect((await put(id, "id\n1")).status).toBe(409);
    expect((await call("PATCH", at(`/${id}`), { settings: { mapping: MAPPING } })).status).toBe(200);
    expect((await put(id, "id\n1")).status).toBe(200);
    const { data } = await call("PATCH", at(`/${id}`), { settings: {} });
    expect(data.settings.mapping.dataset).toBe("orders");
  });
});

describe("a delivery", () => {
  const order = { id: "a", total: 3, created_at: 1_795_230_000 };

  test("is stored once, even when its sender repeats it", async () => {
    const { id } = await makeSource("webhook", { keys: { secret: SECRET } });
    expect(await deliver(id, order, "m1")).toMatchObject({
      status: 202,
      data: { rows: 1, changed: 1, duplicate: false },
    });
    expect(
      await deliver(
        id,
        [
          { ...order, total: 4 },
          { ...order, id: "b" },
        ],
        "m2",
      ),
    ).toMatchObject({
      data: { changed: 2 },
    });
    // The first is repeated after the second: it must not undo it.
    expect((await deliver(id, order, "m1")).data).toEqual({ rows: 1, changed: 0, duplicate: true });
    expect(await rowsOf(id)).toMatchObject([{ id: "a", total: 4 }, { id: "b" }]);
  });

  test("many at once are all stored", async () => {
    const { id } = await makeSource("webhook", { keys: { secret: SECRET } });
    const answers = await Promise.all(
      Array.from({ length: 4 }, (_, i) => deliver(id, { ...order, id: `n${i}` }, `p${i}`)),
    );
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202, 202]);
    expect(await rowsOf(id)).toHaveLength(4);
  });

  test.each([
    ["without a signature", { "webhook-signature": "" }],
    ["with another's", { "webhook-signature": `v1,${btoa("x".repeat(32))}` }],
    ["of another id", { "webhook-id": "other" }],
    ["of another time", { "webhook-timestamp": String(Math.floor(Date.now() / 1000) - 1) }],
  ])("%s is refused", async (_, more) => {
    const { id } = await makeSource("webhook", { keys: { secret: SECRET } });
    expect(await deliver(id, order, "m", more)).toMatchObject({
      status: 401,
      data: { code: "delivery_signature_invalid" },
    });
    expect(await rowsOf(id)).toEqual([]);
  });

  test("that is old is refused even if signed", async () => {
    const { id } = await makeSource("webhook", { keys: { secret: SECRET } });
    const timestamp = String(Math.floor(Date.now() / 1000) - 301);
    const signature = await signatureOf(`m.${timestamp}.${JSON.stringify(order)}`);
    const more = { "webhook-timestamp": timestamp, "webhook-signature": signature };
    expect((await deliver(id, order, "m", more)).status).toBe(401);
    // Of several signatures one is enough: senders rotate secrets this way.
    const fresh = String(Math.floor(Date.now() / 1000));
    const both = `v1,${btoa("x".repeat(32))} ${await signatureOf(`m.${fresh}.${JSON.stringify(order)}`)}`;
    const last = { "webhook-timestamp": fresh, "webhook-signature": both };
    expect((await deliver(id, order, "m", last)).status).toBe(202);
  });

  test("to an unknown source gets the same response as an unsigned one", async () => {
    const csv = await makeSource("csv");
    for (const id of ["s-unknown", csv.id]) expect((await deliver(id, order)).status).toBe(401);
  });

  test("that does not fit is refused with the position", async () => {
    const { id } = await makeSource("webhook", { keys: { secret: SECRET } });
    const refused = await deliver(id, [order, { ...order, total: "lots" }]);
    expect(refused).toMatchObject({ status: 422, data: { errors: [{ path: "rows.2.total" }] } });
    expect((await deliver(id, "no json")).status).toBe(422);
    expect(await rowsOf(id)).toEqual([]);
  });

  test("never returns the secret, and a short one is refused", async () => {
    const made = await makeSource("webhook", { keys: { secret: SECRET } });
    const { data } = await call("GET", at(`/${made.id}`));
    expect(JSON.stringify([made, data])).not.toContain(SECRET);
    const short = { driver: "webhook", keys: { secret: "whsec_c2hvcnQ=" }, settings: {} };
    expect((await call("POST", at(), short)).status).toBe(422);
  });
});

describe("a preview", () => {
  test("of a file proposes a mapping and stores nothing", async () => {
    const before = (await call("GET", at())).data.data.length;
    const sample = "Order ID,Total (EUR),Created\n0012,3.5,2026-11-01\n0013,4,2026-11-02";
    const { status, data } = await call("POST", at("/preview"), { driver: "csv", sample });
    expect(status, JSON.stringify(data)).toBe(200);
    expect(data.proposed).toMatchObject({ primary_key: ["order_id"], time_field: "created" });
    expect(data.rows[0]).toEqual({ "Order ID": "0012", "Total (EUR)": "3.5", Created: "2026-11-01" });
    expect(data.mapped[0]).toEqual({ order_id: "0012", total_eur: 3.5, created: Date.UTC(2026, 10, 1) });
    expect(data.problems).toEqual([]);
    expect((await call("GET", at())).data.data).toHaveLength(before);
  });

  test("of a saved source uses its keys", async () => {
    const { id } = await makeSource("csv");
    const asked = { sample: "id,total,created_at\n1,2,2026-11-01", mapping: MAPPING };
    const { data } = await call("POST", at(`/${id}/preview`), asked);
    expect(data.mapped).toEqual([{ id: "1", total: 2, at: Date.UTC(2026, 10, 1) }]);
  });

  test("applies the given mapping", async () => {
    const sample = JSON.stringify([
      { id: "1", total: "x" },
      { id: "2", total: "2" },
    ]);
    const { data } = await call("POST", at("/preview"), { driver: "webhook", sample, mapping: MAPPING });
    expect(data.problems).toEqual([{ row: 1, field: "total", message: "is not a number" }]);
    expect(data.mapped).toEqual([{ id: "2", total: 2, at: null }]);
  });

  test("does not request URLs that are not allowed", async () => {
    for (const url of [
      "https://169.254.169.254/latest/meta-data",
      "https://localhost/x",
      "http://example.com/x",
    ]) {
      const refused = await call("POST", at("/preview"), { driver: "http", settings: { url } });
      expect(refused.status).toBe(422);
      expect(refused.data.errors[0].path).toBe("settings.url");
    }
  });

  test("requires the role that connects sources", async () => {
    const otherAccount = await makeAccount();
    const body = { driver: "csv", sample: "a\n1" };
    expect(
      (await otherAccount.call("POST", at("/preview"), { token: otherAccount.token, body })).status,
    ).toBe(404);
  });
});
