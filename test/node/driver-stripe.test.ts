/** Stripe's driver, against the stand-in. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { makeAccount } from "../../demo/vendors/company/index.ts";
import { type RunningVendor, startVendor } from "../../demo/vendors/server/index.ts";
import { STRIPE_KEYS, stripe } from "../../demo/vendors/stripe/index.ts";
import type { StripeTruth } from "../../demo/vendors/stripe/world.ts";
import { stripe as driver } from "../../worker/sources/drivers/stripe/driver.ts";
import { SourceReader } from "../support/read-source.ts";
import { expected } from "../support/vendors-truth/stripe.ts";

const NOW = Date.UTC(2026, 8, 15, 12);
const DAY_MS = 86_400_000;
const STREAMS = driver.streams.map(({ name }) => name);

let vendor: RunningVendor<StripeTruth>;
let reader: SourceReader;
beforeEach(async () => {
  vendor = await startVendor(stripe, { seed: 3, now: NOW });
  reader = new SourceReader(driver, vendor, { api_key: STRIPE_KEYS.full });
});
afterEach(() => vendor.close());

const truth = (stream: string) => expected(vendor.truth(), stream);
const calls = (path: string) => vendor.log.filter((call) => call.path === path);

describe("the list", () => {
  it.each(STREAMS)("gives all of %s", async (stream) => {
    expect(await reader.read(stream)).toEqual(truth(stream));
  });

  it("uses the pinned version with the key and reads pages of 100", async () => {
    await reader.read("invoices");
    expect(calls("/v1/invoices").every(({ query }) => query.includes("limit=100"))).toBe(true);
    expect(vendor.log.every(({ auth }) => auth === `Bearer ${STRIPE_KEYS.full}`)).toBe(true);
  });

  it("includes canceled subscriptions", async () => {
    const found = [...(await reader.read("subscriptions")).values()];
    expect(found.some(({ status, ended_at }) => status === "canceled" && ended_at !== null)).toBe(true);
  });

  it("does not divide amounts of yen", async () => {
    const found = [...(await reader.read("prices")).values()];
    const yen = found.filter(({ currency }) => currency === "jpy").map(({ unit_amount }) => unit_amount);
    expect(yen).toContain(2_800);
  });

  it.each(["repeat_page", "skip_page", "truncate", "drop", "fail", "throttle"] as const)(
    "is whole after %s",
    async (kind) => {
      vendor.misbehave({ kind, calls: 3, on: "/v1/invoices" });
      expect(await reader.read("invoices")).toEqual(truth("invoices"));
      expect(
        vendor.log.some(({ fault }) => fault === kind) || kind.includes("_") || kind === "truncate",
      ).toBe(true);
    },
  );

  it("detects an early end", async () => {
    vendor.misbehave({ kind: "truncate", calls: 2, variant: "silent", on: "/v1/charges" });
    expect(await reader.read("charges")).toEqual(truth("charges"));
  });

  it("starts again when the object of its cursor was deleted", async () => {
    const large = await startVendor(stripe, { seed: 3, now: Date.UTC(2027, 8, 15) });
    const own = new SourceReader(driver, large, { api_key: STRIPE_KEYS.full });
    const ids = large.truth().customers.map(({ id }) => id);
    let count = 0;
    const stop = () => {
      if (++count === 150) large.misbehave({ kind: "remove", stream: "customers", ids: ids.slice(98, 200) });
      return false;
    };
    expect(await own.read("customers", undefined, stop)).toEqual(expected(large.truth(), "customers"));
    expect(own.restarts.get("customers")).toBe(1);
    await large.close();
  });
});

describe("the feed", () => {
  it("returns changes, in few calls", async () => {
    for (const stream of STREAMS) await reader.read(stream);
    const before = vendor.log.length;
    vendor.setNow(NOW + 3_600_000);
    for (const stream of STREAMS) expect(await reader.read(stream), stream).toEqual(truth(stream));
    expect(vendor.log.length - before).toBeLessThan(60);
    expect(vendor.log.slice(before).some(({ query }) => query.includes("starting_after=cus"))).toBe(false);
    expect([...reader.restarts]).toEqual([]);
  });

  it("follows three weeks day by day", async () => {
    for (const stream of STREAMS) await reader.read(stream);
    vendor.setNow(NOW + 21 * DAY_MS);
    for (const stream of STREAMS) expect(await reader.read(stream), stream).toEqual(truth(stream));
    expect([...reader.restarts]).toEqual([]);
  });

  it("misses no changes while the list is read", async () => {
    let count = 0;
    const stop = () => {
      if (++count === 20) vendor.misbehave({ kind: "restate", days: 60, percent: 10 });
      if (count === 40) vendor.setNow(vendor.now() + 2 * DAY_MS);
      return false;
    };
    expect(await reader.read("charges", undefined, stop)).toEqual(truth("charges"));
  });

  it("removes deleted customers and preserves their canceled subscriptions", async () => {
    for (const stream of STREAMS) await reader.read(stream);
    vendor.misbehave({ kind: "remove", stream: "customers", count: 2 });
    vendor.misbehave({ kind: "archive", stream: "products", count: 1 });
    vendor.setNow(vendor.now() + 1_000);
    for (const stream of STREAMS) expect(await reader.read(stream), stream).toEqual(truth(stream));
  });

  it("is not used after 29 days: all is listed again, and deleted objects are removed", async () => {
    await reader.read("customers");
    vendor.misbehave({ kind: "remove", stream: "customers", count: 3 });
    vendor.setNow(NOW + 31 * DAY_MS);
    expect(await reader.read("customers")).toEqual(truth("customers"));
    expect(reader.restarts.get("customers")).toBe(1);
    vendor.setNow(NOW + 32 * DAY_MS);
    await reader.read("customers");
    expect(reader.restarts.get("customers")).toBe(1);
  });

  it("lists new objects when there are many, and continues where it was interrupted", async () => {
    const large = await startVendor(stripe, { now: NOW, account: makeAccount({ seed: 5, signups: 16 }) });
    const own = new SourceReader(driver, large, { api_key: STRIPE_KEYS.full });
    await own.read("invoices");
    large.setNow(NOW + 1.5 * DAY_MS);
    const before = large.log.length;
    let count = 0;
    await own.read("invoices", undefined, () => ++count > 60);
    expect(await own.read("invoices")).toEqual(expected(large.truth(), "invoices"));
    const asked = large.log.slice(before).filter(({ path }) => path.startsWith("/v1/invoices/"));
    const changed = [...(own.records.get("invoices")?.values() ?? [])].filter(
      ({ created }) => Number(created) * 1000 > NOW,
    );
    expect(changed.length).toBeGreaterThan(50);
    expect(asked.length).toBeLessThan(changed.length);
    await large.close();
  }, 60_000);

  it("is not read twice: for an account without changes only events are requested", async () => {
    await reader.read("products");
    const before = vendor.log.length;
    await reader.read("products");
    const asked = vendor.log.slice(before).map(({ path }) => path);
    expect(asked).toEqual(["/v1/account", "/v1/events"]);
  });
});

describe("refusals", () => {
  const failing = async (stream: string) =>
    reader.read(stream).then(
      () => undefined,
      (error: unknown) => error,
    );

  it("of one resource stop only that stream, and contain no key", async () => {
    reader = new SourceReader(driver, vendor, { api_key: STRIPE_KEYS.noCharges });
    const error = await failing("charges");
    expect(error).toMatchObject({
      code: "forbidden",
      message: "the key has no permission to read /v1/charges",
    });
    expect(await reader.read("customers")).toEqual(truth("customers"));
  });

  it.each(["expire_tokens", "revoke"] as const)("after %s need a person", async (kind) => {
    vendor.misbehave({ kind });
    const error = await failing("customers");
    expect(error).toMatchObject({ code: "auth" });
    expect(String(error)).not.toMatch(/rk_|\*\*/);
  });

  it("of a drifted field name the field", async () => {
    vendor.misbehave({ kind: "drift", stream: "subscriptions", field: "items", change: "rename" });
    expect(await failing("subscriptions")).toMatchObject({ code: "schema", message: /items/ });
  });

  it("to respond at all are retried, then reported", async () => {
    vendor.misbehave({ kind: "fail", calls: 99, on: "/v1/prices", variant: 503 });
    expect(await failing("prices")).toMatchObject({ code: "unavailable" });
    expect(calls("/v1/prices")).toHaveLength(5);
  });
});
