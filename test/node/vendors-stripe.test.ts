/** Stripe's stand-in follows the API reference, and its numbers add up to the company's. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { mrr, paid } from "../../demo/vendors/company/billing.ts";
import { makeAccount } from "../../demo/vendors/company/index.ts";
import type { Misbehavior } from "../../demo/vendors/server/faults.ts";
import { type RunningVendor, startVendor } from "../../demo/vendors/server/index.ts";
import { STRIPE_KEYS, stripe } from "../../demo/vendors/stripe/index.ts";
import { STRIPE_STREAMS } from "../../demo/vendors/stripe/objects.ts";
import { type StripeTruth, stripeWorld } from "../../demo/vendors/stripe/world.ts";

const NOW = Date.UTC(2026, 8, 15, 12);
const DAY_MS = 86_400_000;

const objectSchema = z.looseObject({ id: z.string(), object: z.string(), created: z.number() });
const listSchema = z.object({
  object: z.literal("list"),
  data: z.array(objectSchema),
  has_more: z.boolean(),
  url: z.string(),
});
const errorSchema = z.object({ error: z.looseObject({ type: z.string(), message: z.string() }) });
const moneySchema = z.object({ amount_paid: z.number(), currency: z.string(), status: z.string() });

let vendor: RunningVendor<StripeTruth>;
beforeEach(async () => {
  vendor = await startVendor(stripe, { seed: 3, now: NOW, limits: false });
});
afterEach(() => vendor.close());

const ask = (path: string, key: string = STRIPE_KEYS.full, headers: Record<string, string> = {}) =>
  fetch(`${vendor.url}${path}`, { headers: { authorization: `Bearer ${key}`, ...headers } });
const list = async (path: string) => listSchema.parse(await (await ask(path)).json());
const refusal = async (path: string, key?: string, headers?: Record<string, string>) => {
  const answer = await ask(path, key, headers);
  return { status: answer.status, headers: answer.headers, ...errorSchema.parse(await answer.json()) };
};

async function all(path: string) {
  const found: z.infer<typeof objectSchema>[] = [];
  for (let after = ""; ; ) {
    const { data, has_more } = await list(`${path}${path.includes("?") ? "&" : "?"}limit=100${after}`);
    found.push(...data);
    if (!has_more) return found;
    after = `&starting_after=${data.at(-1)?.id}`;
  }
}

describe("lists", () => {
  it("equal the truth over all pages, newest first, without duplicates", async () => {
    const truth = vendor.truth();
    for (const stream of STRIPE_STREAMS) {
      const path = stream === "subscriptions" ? "/v1/subscriptions?status=all" : `/v1/${stream}`;
      const found = await all(path);
      expect(found, stream).toEqual(truth[stream]);
      expect(new Set(found.map(({ id }) => id)).size, stream).toBe(found.length);
      expect(found.map(({ created }) => created)).toEqual(
        found.map((one) => one.created).sort((a, b) => b - a),
      );
    }
    expect(truth.customers.length).toBeGreaterThan(200);
  });

  it("add up to the company's paid bills and recurring revenue, including yen", async () => {
    const world = stripeWorld(vendor.account, "");
    const customers = world.customers(NOW);
    const sums = new Map<string, number>();
    for (const invoice of await all("/v1/invoices?status=paid")) {
      const { amount_paid, currency } = moneySchema.parse(invoice);
      sums.set(currency, (sums.get(currency) ?? 0) + amount_paid);
    }
    expect([...sums].sort()).toEqual([...paid(3, customers, NOW)].sort());
    expect(sums.get("jpy")).toBeGreaterThan(0);

    const itemSchema = z.object({
      quantity: z.number(),
      price: z.object({
        unit_amount: z.number(),
        currency: z.string(),
        recurring: z.object({ interval: z.string() }),
      }),
    });
    const recurring = new Map<string, number>();
    for (const one of await all("/v1/subscriptions")) {
      if (one.status === "trialing") continue;
      const { quantity, price } = z.object({ items: z.object({ data: z.array(itemSchema) }) }).parse(one)
        .items.data[0]!;
      const monthly = (price.unit_amount * quantity) / (price.recurring.interval === "year" ? 12 : 1);
      recurring.set(price.currency, (recurring.get(price.currency) ?? 0) + monthly);
    }
    const expected = mrr(customers, NOW);
    expect([...recurring.keys()].sort()).toEqual([...expected.keys()].sort());
    for (const [currency, minor] of expected) expect(recurring.get(currency)).toBeCloseTo(minor, 3);
  });

  it("leave canceled subscriptions out by default", async () => {
    const found = await all("/v1/subscriptions");
    expect(found.some(({ status }) => status === "canceled")).toBe(false);
    expect((await all("/v1/subscriptions?status=canceled")).length).toBeGreaterThan(0);
  });

  it("filter by creation", async () => {
    const from = (NOW - 10 * DAY_MS) / 1_000;
    const found = await all(`/v1/invoices?created[gte]=${from}`);
    expect(found).toEqual(vendor.truth().invoices.filter(({ created }) => created >= from));
  });

  it("refuse what the reference refuses", async () => {
    expect(await refusal("/v1/customers?limit=101")).toMatchObject({
      status: 400,
      error: { param: "limit" },
    });
    expect(await refusal("/v1/customers?updated[gte]=1")).toMatchObject({
      status: 400,
      error: { code: "parameter_unknown" },
    });
    expect(await refusal("/v1/customers?starting_after=cus_no")).toMatchObject({
      status: 400,
      error: { code: "resource_missing", param: "starting_after" },
    });
    expect(await refusal("/v1/customers/cus_no")).toMatchObject({
      status: 404,
      error: { code: "resource_missing", message: "No such customer: 'cus_no'" },
    });
    expect(await refusal("/v1/coupons")).toMatchObject({
      status: 404,
      error: { type: "invalid_request_error" },
    });
    expect(await refusal("/v1/customers", "sk_nobody")).toMatchObject({ status: 401 });
    expect(await refusal("/v1/charges", STRIPE_KEYS.noCharges)).toMatchObject({ status: 403 });
    expect((await fetch(`${vendor.url}/v1/customers`)).status).toBe(401);
    expect(await refusal("/v1/customers", STRIPE_KEYS.full, { "stripe-version": "v9" })).toMatchObject({
      status: 400,
    });
  });
});

describe("events", () => {
  it("contain every change of thirty days", async () => {
    const before = vendor.truth();
    vendor.setNow(NOW + 5 * DAY_MS);
    const events = await all(`/v1/events?created[gt]=${NOW / 1_000}`);
    const reportedIds = new Set(
      events.map(({ data }) => z.object({ object: objectSchema }).parse(data).object.id),
    );
    const after = vendor.truth();
    for (const stream of ["customers", "subscriptions", "invoices", "charges"] as const) {
      const old = new Map(before[stream].map((object) => [object.id, JSON.stringify(object)]));
      const changed = after[stream].filter((object) => old.get(object.id) !== JSON.stringify(object));
      expect(changed.length, stream).toBeGreaterThan(0);
      expect(
        changed.filter(({ id }) => !reportedIds.has(id)),
        stream,
      ).toEqual([]);
    }
    const oldest = (await all("/v1/events")).at(-1);
    expect(oldest?.created).toBeGreaterThan((NOW - 25 * DAY_MS) / 1_000);
    expect((await ask(`/v1/events/${oldest?.id}`)).status).toBe(200);
    expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
  });
});

it("change nothing without an event", () => {
  const world = stripeWorld(makeAccount({ seed: 9 }), "");
  for (let i = 0; i < 12; i++) {
    const from = NOW - i * 11 * DAY_MS;
    const [before, after] = [world.objects(from), world.objects(from + 3 * DAY_MS)];
    const events = world.events(from + 3 * DAY_MS).filter(({ created }) => created > from / 1_000);
    const reportedIds = new Set(
      events.map(({ data }) => z.object({ object: objectSchema }).parse(data).object.id),
    );
    for (const stream of STRIPE_STREAMS) {
      const old = new Map(before[stream].map((object) => [object.id, JSON.stringify(object)]));
      const changed = after[stream].filter((object) => old.get(object.id) !== JSON.stringify(object));
      expect(
        changed.filter(({ id }) => !reportedIds.has(id)),
        stream,
      ).toEqual([]);
    }
  }
});

describe("limits", () => {
  it("are 25 requests a second in a sandbox, with the reason in a header", async () => {
    await vendor.close();
    vendor = await startVendor(stripe, { seed: 3, now: NOW });
    for (let i = 0; i < 25; i++) expect((await ask("/v1/account")).status).toBe(200);
    const { status, error, headers } = await refusal("/v1/account");
    expect({ status, code: error.code }).toEqual({ status: 429, code: "rate_limit" });
    expect(headers.get("stripe-rate-limited-reason")).toBe("global-rate");
    vendor.setNow(NOW + 1_000);
    expect((await ask("/v1/account")).status).toBe(200);
  });
});

describe("misbehavior", () => {
  const ids = async (path: string) => (await list(path)).data.map(({ id }) => id);
  const misbehave = (fault: Misbehavior) => vendor.misbehave(fault);

  it("throttles, breaks and drops", async () => {
    misbehave({ kind: "throttle", calls: 1, variant: "endpoint-rate" });
    expect((await ask("/v1/customers")).headers.get("stripe-rate-limited-reason")).toBe("endpoint-rate");
    misbehave({ kind: "fail", calls: 1, variant: 503 });
    expect(await refusal("/v1/customers")).toMatchObject({ status: 503, error: { type: "api_error" } });
    misbehave({ kind: "drop", calls: 1 });
    await expect(list("/v1/customers")).rejects.toThrow();
    expect((await ask("/v1/customers")).status).toBe(200);
  });

  it("repeats, skips and cuts pages", async () => {
    const first = await ids("/v1/customers?limit=4");
    const next = `/v1/customers?limit=4&starting_after=${first[3]}`;
    misbehave({ kind: "repeat_page", calls: 1 });
    expect(await ids(next)).toEqual(first);
    const right = await ids(next);
    misbehave({ kind: "skip_page", calls: 1 });
    const skipped = await ids(next);
    expect(skipped).not.toEqual(right);
    misbehave({ kind: "truncate", calls: 1 });
    expect(await list(next)).toMatchObject({ has_more: true, data: [{ id: right[0] }, { id: right[1] }] });
    misbehave({ kind: "truncate", calls: 1, variant: "silent" });
    expect((await list(next)).has_more).toBe(false);
  });

  it("rolls and revokes keys", async () => {
    misbehave({ kind: "expire_tokens" });
    expect(await refusal("/v1/customers")).toMatchObject({ status: 401, error: { code: "api_key_expired" } });
    expect((await ask("/v1/customers", STRIPE_KEYS.rolled)).status).toBe(200);
    misbehave({ kind: "revoke" });
    expect(await refusal("/v1/customers", STRIPE_KEYS.rolled)).toMatchObject({ status: 401 });
  });

  it("deletes customers, archives prices and refunds the past, with events", async () => {
    const [customer = ""] = await ids("/v1/customers?limit=1");
    const [price = ""] = await ids("/v1/prices?limit=1");
    misbehave({ kind: "remove", stream: "customers", count: 1 });
    misbehave({ kind: "archive", stream: "prices", ids: [price] });
    misbehave({ kind: "restate", days: 3, percent: 50 });
    expect(await ids("/v1/customers?limit=1")).not.toEqual([customer]);
    expect(await (await ask(`/v1/customers/${customer}`)).json()).toEqual({
      id: customer,
      object: "customer",
      deleted: true,
    });
    expect(await (await ask(`/v1/prices/${price}`)).json()).toMatchObject({ active: false });
    const types = (await all("/v1/events"))
      .filter(({ created }) => created === NOW / 1_000)
      .map(({ type }) => type);
    expect(types).toEqual(
      expect.arrayContaining([
        "customer.deleted",
        "price.updated",
        "charge.refunded",
        "customer.subscription.deleted",
      ]),
    );
    expect(await all("/v1/charges")).toEqual(vendor.truth().charges);
  });

  it("drifts", async () => {
    misbehave({ kind: "drift", stream: "charges", field: "amount", change: "retype" });
    const [charge] = (await list("/v1/charges?limit=1")).data;
    expect(charge?.amount).toBe(String(vendor.truth().charges[0]?.amount));
    vendor.calm();
    expect((await list("/v1/charges?limit=1")).data[0]).toEqual(vendor.truth().charges[0]);
  });
});

it("is the same for the same seed", async () => {
  const twin = await startVendor(stripe, { seed: 3, now: NOW });
  const other = await startVendor(stripe, { seed: 4, now: NOW });
  expect(twin.truth()).toEqual(vendor.truth());
  expect(other.truth()).not.toEqual(vendor.truth());
  await Promise.all([twin.close(), other.close()]);
});
