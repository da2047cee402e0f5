/** Fields that metrics can aggregate: the project's own properties and values, and no other project's. */
import { beforeAll, expect, it } from "vitest";
import { HOUR_MS, MINUTE_MS } from "../../../../worker/lib/time";
import { makeAccount } from "../../../support/client";
import { makeRow } from "../../../support/make-row";
import { pushRows } from "../../../support/query-data";

const now = Date.now();
let account: Awaited<ReturnType<typeof makeAccount>>;
let project: string;

const fieldsOf = async (dataset: string) => {
  const path = `/api/v1/projects/${project}/metrics/fields?dataset=${dataset}`;
  return account.call("GET", path, { token: account.token });
};

beforeAll(async () => {
  account = await makeAccount();
  const body = { name: "Shop", timezone: "UTC" };
  const [made, other] = await Promise.all(
    [0, 1].map(() => account.call("POST", "/api/v1/projects", { token: account.token, body })),
  );
  project = made!.data.id;
  const buys = (id: string, ago: number, properties: object) =>
    makeRow({
      project_id: project,
      event_id: id,
      timestamp: now - ago,
      event_name: "purchase",
      session_id: "s1",
      properties: JSON.stringify(properties),
    });
  await pushRows(
    [
      buys("a", 3 * MINUTE_MS, { amount: 12.5, plan: "pro", items: ["x"] }),
      buys("b", 2 * MINUTE_MS, { amount: "7", plan: "pro" }),
      buys("c", MINUTE_MS, { amount: 30, plan: "free", note: "z".repeat(300), gone: null }),
      makeRow({
        project_id: project,
        event_id: "d",
        timestamp: now - HOUR_MS,
        path: "/pricing",
        country: "GB",
      }),
    ],
    now,
  );
  const elsewhere = { ...buys("e", MINUTE_MS, { secret: 1 }), project_id: other!.data.id };
  await pushRows([elsewhere], now);
});

it("lists properties with values, which of them are numbers, and dimensions", async () => {
  const { status, data } = await fieldsOf("events");
  expect(status).toBe(200);
  const named = Object.fromEntries(data.data.map((field: { name: string }) => [field.name, field]));
  expect(named["property:amount"]).toMatchObject({
    type: "number",
    label: "amount",
    examples: ["12.5", "7", "30"],
  });
  expect(named["property:plan"]).toMatchObject({ type: "string", examples: ["pro", "free"] });
  expect(named["property:items"]).toMatchObject({ type: "string", examples: ['["x"]'] });
  expect(named["property:note"].examples[0]).toHaveLength(100);
  expect(named["event:name"].examples.sort()).toEqual(["page_view", "purchase"]);
  expect(named["visit:country"].examples.sort()).toEqual(["DE", "GB"]);
  expect(Object.keys(named)).not.toContain("property:secret");
  expect(Object.keys(named)).not.toContain("property:gone");
  expect(data.subjects).toEqual(["visitor", "user", "session"]);
  expect(data.aggregations.map(({ name }: { name: string }) => name)).toContain("median");
});

it("lists the numbers that sessions have", async () => {
  const { data } = await fieldsOf("sessions");
  const [duration] = data.data;
  expect(duration).toMatchObject({ name: "visit:duration_ms", type: "number", unit: "ms" });
  expect(duration.examples).toContain(String(2 * MINUTE_MS));
  expect(data.subjects).toEqual(["visitor"]);
});

it("has no other datasets", async () => {
  const { status, data } = await fieldsOf("event");
  expect([status, data.code]).toEqual([422, "unknown_name"]);
});
