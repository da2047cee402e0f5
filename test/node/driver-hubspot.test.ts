/** HubSpot's driver, against the stand-in. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { makeAccount } from "../../demo/vendors/company/index.ts";
import { HUBSPOT_KEYS, type HubspotTruth, hubspot, hubspotTokens } from "../../demo/vendors/hubspot/index.ts";
import { type RunningVendor, startVendor } from "../../demo/vendors/server/index.ts";
import { hubspot as driver } from "../../worker/sources/drivers/hubspot/driver.ts";
import { SourceReader } from "../support/read-source.ts";
import { expected } from "../support/vendors-truth/hubspot.ts";

const NOW = Date.UTC(2026, 8, 15, 12);
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const STREAMS = driver.streams.map(({ name }) => name);

let vendor: RunningVendor<HubspotTruth>;
let reader: SourceReader;
beforeEach(async () => {
  vendor = await startVendor(hubspot, { seed: 3, now: NOW });
  reader = new SourceReader(driver, vendor, { api_key: HUBSPOT_KEYS.full });
});
afterEach(() => vendor.close());

const truth = (stream: string) => expected(vendor.truth(), stream);
const pass = (ms: number) => vendor.setNow(vendor.now() + ms);
async function readAll() {
  for (const stream of STREAMS) expect(await reader.read(stream), stream).toEqual(truth(stream));
}
const failing = (stream: string) =>
  reader.read(stream).then(
    () => undefined,
    (error: unknown) => error,
  );

describe("the list", () => {
  it.each(STREAMS)("gives all of %s", async (stream) => {
    expect(await reader.read(stream)).toEqual(truth(stream));
    expect(vendor.log.every(({ query }) => query.length < 15_000)).toBe(true);
    expect([...reader.restarts]).toEqual([]);
  });

  it.each(["repeat_page", "skip_page", "truncate", "drop", "fail", "throttle"] as const)(
    "is whole after %s",
    async (kind) => {
      vendor.misbehave({ kind, calls: 1, on: "/objects/2026-09/contacts" });
      expect(await reader.read("contacts")).toEqual(truth("contacts"));
    },
  );

  it("detects an early end", async () => {
    vendor.misbehave({ kind: "truncate", calls: 2, variant: "silent", on: "/contacts" });
    expect(await reader.read("contacts")).toEqual(truth("contacts"));
  });

  it("continues where it was interrupted", async () => {
    const large = await startVendor(hubspot, { now: NOW, account: makeAccount({ seed: 5, signups: 30 }) });
    const own = new SourceReader(driver, large, { api_key: HUBSPOT_KEYS.full });
    let count = 0;
    await own.read("contacts", undefined, () => ++count > 2_500);
    expect(own.records.get("contacts")?.size).toBe(2_000);
    const before = large.log.length;
    expect(await own.read("contacts")).toEqual(expected(large.truth(), "contacts"));
    const first = large.log.slice(before).find(({ path }) => path.endsWith("/contacts"));
    expect(first?.query).toContain("after=");
    await large.close();
  });
});

describe("search", () => {
  it("returns changes, in few calls", async () => {
    await readAll();
    const before = vendor.log.length;
    pass(15 * MINUTE_MS);
    await readAll();
    expect(vendor.log.length - before).toBeLessThan(25);
    pass(20 * DAY_MS);
    await readAll();
    expect([...reader.restarts]).toEqual([]);
  });

  it("pages by id beyond 10,000 records", async () => {
    const large = await startVendor(hubspot, {
      now: NOW,
      account: makeAccount({ seed: 5, signups: 60 }),
    });
    const own = new SourceReader(driver, large, { api_key: HUBSPOT_KEYS.full });
    await own.read("contacts");
    own.states.set("contacts", { ...Object(own.states.get("contacts")), since: 0, known: 0 });
    const size = large.truth().contacts.length;
    expect(size).toBeGreaterThan(10_000);
    const before = large.log.length;
    expect(await own.read("contacts")).toEqual(expected(large.truth(), "contacts"));
    const searches = large.log.slice(before).filter(({ path }) => path.endsWith("/search"));
    expect(searches.filter(({ status }) => status === 200).length).toBe(Math.ceil(size / 200) + 2);
    await large.close();
  }, 60_000);

  it("may lag behind: missed changes are read next time, and old states overwrite nothing", async () => {
    await readAll();
    vendor.misbehave({ kind: "search_lag", lagMs: 20 * MINUTE_MS });
    vendor.misbehave({ kind: "restate", days: 30, percent: 10 });
    pass(10 * MINUTE_MS);
    for (const stream of STREAMS) await reader.read(stream);
    pass(25 * MINUTE_MS);
    vendor.calm();
    await readAll();
  });

  it.each(["truncate", "drop", "throttle"] as const)("is whole after %s", async (kind) => {
    await readAll();
    pass(10 * DAY_MS);
    vendor.misbehave({ kind, calls: 2, on: "/search", variant: kind === "truncate" ? "silent" : undefined });
    await readAll();
  });
});

describe("removed records", () => {
  it("are found among the archived, without a list", async () => {
    await readAll();
    vendor.misbehave({ kind: "archive", stream: "contacts", count: 3 });
    vendor.misbehave({ kind: "archive", stream: "deals", count: 2 });
    pass(15 * MINUTE_MS);
    await readAll();
    expect([...reader.restarts]).toEqual([]);
    pass(2 * DAY_MS);
    await readAll();
  });

  it("deleted permanently are found by the count, and by a list", async () => {
    await readAll();
    vendor.misbehave({ kind: "remove", stream: "contacts", count: 3 });
    pass(15 * MINUTE_MS);
    await readAll();
    expect([...reader.restarts]).toEqual([["contacts", 1]]);
  });

  it("removed soon after creation are missed by search", async () => {
    await readAll();
    pass(3 * DAY_MS);
    await readAll();
    const newest = vendor.truth().contacts.at(-1)?.id ?? "";
    const made = Date.parse(vendor.truth().contacts.at(-1)?.createdAt ?? "");
    vendor.setNow(made + 3 * DAY_MS);
    await readAll();
    vendor.misbehave({ kind: "remove", stream: "contacts", ids: [newest] });
    pass(MINUTE_MS);
    await readAll();
  });
});

describe("access", () => {
  it("by OAuth is renewed when it expires", async () => {
    const tokens = hubspotTokens(3);
    const renewed: string[] = [];
    reader = new SourceReader(
      driver,
      vendor,
      { access_token: tokens.access },
      {
        renew: async () => {
          const form = new URLSearchParams({
            grant_type: "refresh_token",
            refresh_token: tokens.refresh,
            client_id: "selvedge-stand-in",
            client_secret: "stand-in-client-secret",
          });
          const path = driver.auth.kind === "oauth" ? driver.auth.tokenPath : "";
          const answer = await fetch(vendor.url + path, { method: "POST", body: form });
          const { access_token } = Object(await answer.json());
          renewed.push(access_token);
          return { access_token };
        },
      },
    );
    await reader.read("companies");
    pass(31 * MINUTE_MS);
    expect(await reader.read("contacts")).toEqual(truth("contacts"));
    expect(renewed).toHaveLength(1);
  });

  it("without a scope stops only that stream, and reports the scope", async () => {
    reader = new SourceReader(driver, vendor, { api_key: HUBSPOT_KEYS.noDeals });
    expect(await failing("deals")).toMatchObject({
      code: "forbidden",
      message: /crm\.objects\.deals\.read/,
    });
    expect(await reader.read("contacts")).toEqual(truth("contacts"));
  });

  it("that was revoked requires a user", async () => {
    vendor.misbehave({ kind: "revoke" });
    const error = await failing("contacts");
    expect(error).toMatchObject({ code: "auth" });
    expect(String(error)).not.toContain("pat-");
  });

  it("over the limit waits as long as HubSpot requires, or as the limit lasts", async () => {
    vendor.misbehave({ kind: "throttle", calls: 1, variant: "DAILY" });
    expect(await failing("contacts")).toMatchObject({ code: "rate_limited", until: NOW + 3_600_000 });
  });
});

it.each([
  ["hs_lastmodifieddate", "null"],
  ["dealname", "rename"],
  ["hs_is_closed", "retype"],
] as const)("refuses %s after %s", async (field, change) => {
  vendor.misbehave({ kind: "drift", stream: "deals", field: `properties.${field}`, change });
  expect(await failing("deals")).toMatchObject({ code: "schema" });
});
