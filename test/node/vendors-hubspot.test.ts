/** HubSpot's stand-in follows its documentation, and its records are the company's. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { makeAccount } from "../../demo/vendors/company/index.ts";
import { makePeople } from "../../demo/vendors/company/people.ts";
import { HUBSPOT_KEYS, type HubspotTruth, hubspot, hubspotTokens } from "../../demo/vendors/hubspot/index.ts";
import { HUBSPOT_TYPES, hubspotWorld } from "../../demo/vendors/hubspot/objects.ts";
import { type RunningVendor, startVendor } from "../../demo/vendors/server/index.ts";
import { CLIENT } from "../../demo/vendors/server/oauth.ts";

const NOW = Date.UTC(2026, 8, 15, 12);
const DAY_MS = 86_400_000;
const CONTACTS = "/crm/objects/2026-09/contacts";

const recordSchema = z.looseObject({
  id: z.string(),
  properties: z.record(z.string(), z.string().nullable()),
  updatedAt: z.string(),
  archived: z.boolean(),
});
const pageSchema = z.object({
  total: z.number().optional(),
  results: z.array(recordSchema),
  paging: z.object({ next: z.object({ after: z.string() }) }).optional(),
});
const tokenSchema = z.object({ access_token: z.string(), refresh_token: z.string(), expires_in: z.number() });

let vendor: RunningVendor<HubspotTruth>;
beforeEach(async () => {
  vendor = await startVendor(hubspot, { seed: 3, now: NOW, limits: false });
});
afterEach(() => vendor.close());

const ask = (path: string, body?: object, key: string = HUBSPOT_KEYS.full) =>
  fetch(`${vendor.url}${path}`, {
    headers: { authorization: `Bearer ${key}` },
    ...(body && { method: "POST", body: JSON.stringify(body) }),
  });
const page = async (path: string, body?: object) => pageSchema.parse(await (await ask(path, body)).json());
const ids = async (path: string, body?: object) => (await page(path, body)).results.map(({ id }) => id);

async function listAll(path: string) {
  const found: z.infer<typeof recordSchema>[] = [];
  for (let after = ""; ; ) {
    const { results, paging } = await page(`${path}${path.includes("?") ? "&" : "?"}limit=100${after}`);
    found.push(...results);
    if (paging === undefined) return found;
    after = `&after=${paging.next.after}`;
  }
}

describe("records", () => {
  it("equal the truth over all pages", async () => {
    const truth = vendor.truth();
    for (const type of HUBSPOT_TYPES) {
      const names = Object.keys(truth[type][0]?.properties ?? {});
      const found = await listAll(`/crm/objects/2026-09/${type}?properties=${names.join(",")}`);
      expect(found, type).toEqual(truth[type]);
      expect(found.length, type).toBeGreaterThan(100);
    }
    const people = makePeople(makeAccount({ seed: 3 }))(NOW);
    expect(truth.contacts.length).toBe(people.length);
    const won = truth.deals.filter(({ properties }) => properties.hs_is_closed_won === "true");
    expect(won.length).toBeGreaterThan(0);
    expect(won.some(({ properties }) => properties.deal_currency_code === "JPY")).toBe(true);
  });

  it("have their campaign, which is one of the ads'", async () => {
    const campaigns = new Set(
      vendor.account.adAccounts.flatMap((own) => own.campaigns.map(({ utm }) => utm.campaign)),
    );
    const found = await listAll(`${CONTACTS}?properties=utm_campaign`);
    const tagged = found.flatMap(({ properties }) => properties.utm_campaign ?? []);
    expect(tagged.length).toBeGreaterThan(found.length / 3);
    expect(tagged.every((tag) => campaigns.has(tag))).toBe(true);
  });

  it("give default properties, null for missing ones, and work in older versions", async () => {
    const [plain] = (await page(`${CONTACTS}?limit=1`)).results;
    expect(Object.keys(plain?.properties ?? {})).toHaveLength(6);
    const [asked] = (await page("/crm/v3/objects/contacts?limit=1&properties=phone")).results;
    expect(asked?.properties.phone).toBeNull();
    expect((await ask("/crm/objects/2026-01/contacts")).status).toBe(404);
    expect((await ask(`${CONTACTS}?limit=101`)).status).toBe(400);
  });

  it("are associated, by list and by batch", async () => {
    const [first] = (await page(`${CONTACTS}?limit=1&associations=companies`)).results;
    const link = z.object({ companies: z.object({ results: z.array(z.object({ id: z.string() })) }) });
    const company = link.parse(first?.associations).companies.results[0]?.id;
    const answer = await ask("/crm/associations/2026-09/contacts/companies/batch/read", {
      inputs: [{ id: first?.id }],
    });
    expect(await answer.json()).toMatchObject({
      status: "COMPLETE",
      results: [{ from: { id: first?.id }, to: [{ toObjectId: company }] }],
    });
    const batch = await ask("/crm/objects/2026-09/companies/batch/read", {
      inputs: [{ id: company }, { id: "1" }],
    });
    expect(batch.status).toBe(207);
    expect(await batch.json()).toMatchObject({ results: [{ id: company }], numErrors: 1 });
    expect((await ask(`/crm/objects/2026-09/companies/${company}`)).status).toBe(200);
  });

  it("change only with a later time of change", () => {
    const world = hubspotWorld(makeAccount({ seed: 3 }));
    for (let i = 0; i < 12; i++) {
      const from = NOW - i * 11 * DAY_MS;
      const [before, after] = [world.records(from), world.records(from + 3 * DAY_MS)];
      for (const type of HUBSPOT_TYPES) {
        const old = new Map(before[type].map((record) => [record.id, JSON.stringify(record)]));
        const changed = after[type].filter((record) => old.get(record.id) !== JSON.stringify(record));
        expect(changed.length, type).toBeGreaterThan(0);
        expect(changed.filter(({ updatedAt }) => Date.parse(updatedAt) <= from)).toEqual([]);
      }
    }
  });

  it("move through pipelines that exist", async () => {
    const schema = z.object({
      results: z.array(z.object({ id: z.string(), stages: z.array(z.object({ id: z.string() })) })),
    });
    const { results } = schema.parse(await (await ask("/crm/pipelines/2026-09/deals")).json());
    const stages = new Set(results.flatMap(({ id, stages }) => stages.map((stage) => `${id}/${stage.id}`)));
    for (const { properties } of vendor.truth().deals) {
      expect(stages).toContain(`${properties.pipeline}/${properties.dealstage}`);
    }
  });
});

describe("search", () => {
  const changed = (since: number, more: object[] = []) => ({
    filterGroups: [
      { filters: [{ propertyName: "lastmodifieddate", operator: "GTE", value: String(since) }, ...more] },
    ],
    sorts: [{ propertyName: "hs_object_id", direction: "ASCENDING" }],
    limit: 200,
  });

  it("finds changes in a window by keyset", async () => {
    const since = NOW - 60 * 86_400_000;
    const found: string[] = [];
    for (let last = "0"; ; ) {
      const more = [{ propertyName: "hs_object_id", operator: "GT", value: last }];
      const next = await ids(`${CONTACTS}/search`, changed(since, more));
      if (next.length === 0) break;
      found.push(...next);
      last = next.at(-1) ?? "";
    }
    const expected = vendor.truth().contacts.filter(({ updatedAt }) => Date.parse(updatedAt) >= since);
    expect(found).toEqual(expected.map(({ id }) => id));
    expect(found.length).toBeGreaterThan(200);
    expect((await page(`${CONTACTS}/search`, changed(since))).total).toBe(found.length);
  });

  it("returns at most 10,000 records per query; a keyset returns all", async () => {
    await vendor.close();
    const account = makeAccount({ seed: 3, signups: 60 });
    vendor = await startVendor(hubspot, { account, now: NOW, limits: false });
    const sorts = [{ propertyName: "hs_object_id", direction: "ASCENDING" }];
    const { total = 0, paging } = await page(`${CONTACTS}/search`, { sorts, limit: 200, after: "9800" });
    expect(total).toBeGreaterThan(10_000);
    expect(paging?.next.after).toBe("10000");
    expect((await ask(`${CONTACTS}/search`, { sorts, limit: 200, after: "10000" })).status).toBe(400);
    let last = "0";
    let found = 0;
    for (let size = 200; size === 200; ) {
      const filters = [{ propertyName: "hs_object_id", operator: "GT", value: last }];
      const next = await ids(`${CONTACTS}/search`, { filterGroups: [{ filters }], sorts, limit: 200 });
      size = next.length;
      found += size;
      last = next.at(-1) ?? last;
    }
    expect(found).toBe(total);
  });

  it("refuses what is past its limits", async () => {
    const filters = (n: number) =>
      Array.from({ length: n }, () => ({ propertyName: "email", operator: "HAS_PROPERTY" }));
    const status = async (body: object) => (await ask(`${CONTACTS}/search`, body)).status;
    expect(await status({ limit: 200, after: "9900" })).toBe(400);
    expect(await status({ limit: 200, after: "9800" })).toBe(200);
    expect(await status({ limit: 201 })).toBe(400);
    expect(await status({ filterGroups: Array.from({ length: 6 }, () => ({ filters: filters(1) })) })).toBe(
      400,
    );
    expect(await status({ filterGroups: [{ filters: filters(7) }] })).toBe(400);
    expect(await status({ filterGroups: Array.from({ length: 4 }, () => ({ filters: filters(5) })) })).toBe(
      400,
    );
    expect(await status({ filterGroups: [{ filters: filters(6) }] })).toBe(200);
  });

  it("lags behind lists on demand", async () => {
    vendor.misbehave({ kind: "search_lag", lagMs: 3 * 86_400_000 });
    const since = NOW - 3 * 86_400_000;
    expect(await ids(`${CONTACTS}/search`, changed(since + 1))).toEqual([]);
    expect((await ids(`${CONTACTS}/search`, changed(since - 86_400_000))).length).toBeGreaterThan(0);
    vendor.calm();
    expect((await ids(`${CONTACTS}/search`, changed(since + 1))).length).toBeGreaterThan(0);
  });
});

describe("tokens", () => {
  const form = (fields: Record<string, string>) =>
    fetch(`${vendor.url}/oauth/v3/token`, {
      method: "POST",
      body: new URLSearchParams({ ...CLIENT, ...fields }),
    });

  it("come from a consent, expire in 30 minutes, are refreshed and revoked", async () => {
    const redirect_uri = "http://127.0.0.1/back";
    const query = new URLSearchParams({
      client_id: CLIENT.client_id,
      redirect_uri,
      scope: "oauth",
      state: "s1",
    });
    const consent = `${vendor.url}/oauth/authorize?${query}`;
    expect(await (await fetch(consent)).text()).toContain("decision=allow");
    const answer = await fetch(`${consent}&decision=allow`, { redirect: "manual" });
    const back = new URL(answer.headers.get("location") ?? "");
    expect(back.searchParams.get("state")).toBe("s1");
    const code = back.searchParams.get("code") ?? "";
    const grant = { grant_type: "authorization_code", code, redirect_uri };
    const first = tokenSchema.parse(await (await form(grant)).json());
    expect(first.expires_in).toBe(1_800);
    expect((await ask(CONTACTS, undefined, first.access_token)).status).toBe(200);
    expect(await (await form(grant)).json()).toMatchObject({ status: "BAD_AUTH_CODE" });

    vendor.setNow(NOW + 31 * 60_000);
    const late = await ask(CONTACTS, undefined, first.access_token);
    expect({ status: late.status, body: await late.json() }).toMatchObject({
      status: 401,
      body: { category: "EXPIRED_AUTHENTICATION" },
    });
    const refresh = { grant_type: "refresh_token", refresh_token: first.refresh_token };
    const second = tokenSchema.parse(await (await form(refresh)).json());
    expect((await ask(CONTACTS, undefined, second.access_token)).status).toBe(200);
    vendor.misbehave({ kind: "expire_tokens" });
    expect((await ask(CONTACTS, undefined, second.access_token)).status).toBe(401);
    vendor.misbehave({ kind: "revoke" });
    expect(await (await form(refresh)).json()).toMatchObject({ status: "BAD_REFRESH_TOKEN" });
    expect((await ask(CONTACTS)).status).toBe(401);
  });

  it("of the initial connection are valid", async () => {
    const { access } = hubspotTokens(3);
    expect((await ask(CONTACTS, undefined, access)).status).toBe(200);
    expect((await ask(CONTACTS, undefined, "nobody")).status).toBe(401);
  });

  it("without a scope are refused with the scope's name", async () => {
    const answer = await ask("/crm/objects/2026-09/deals", undefined, HUBSPOT_KEYS.noDeals);
    expect({ status: answer.status, body: await answer.json() }).toMatchObject({
      status: 403,
      body: { category: "MISSING_SCOPES" },
    });
  });
});

describe("limits", () => {
  it("are 110 in ten seconds for applications, with headers, and 5 searches a second, without", async () => {
    await vendor.close();
    vendor = await startVendor(hubspot, { seed: 3, now: NOW });
    const { access } = hubspotTokens(3);
    const first = await ask("/account-info/v3/details", undefined, access);
    expect(first.headers.get("x-hubspot-ratelimit-max")).toBe("110");
    expect(first.headers.get("x-hubspot-ratelimit-remaining")).toBe("109");
    expect(first.headers.get("x-hubspot-ratelimit-daily")).toBeNull();
    for (let i = 1; i < 110; i++) await ask("/account-info/v3/details", undefined, access);
    const refused = await ask("/account-info/v3/details", undefined, access);
    expect({ status: refused.status, body: await refused.json() }).toMatchObject({
      status: 429,
      body: { errorType: "RATE_LIMIT", policyName: "TEN_SECONDLY_ROLLING" },
    });
    for (let i = 0; i < 5; i++) expect((await ask(`${CONTACTS}/search`, {})).status).toBe(200);
    const search = await ask(`${CONTACTS}/search`, {});
    expect([search.status, search.headers.get("retry-after")]).toEqual([429, null]);
    vendor.setNow(NOW + 10_000);
    expect((await ask("/account-info/v3/details", undefined, access)).status).toBe(200);
  });
});

describe("misbehavior", () => {
  it("throttles, breaks and drops", async () => {
    vendor.misbehave({ kind: "throttle", calls: 1 });
    expect((await ask(CONTACTS)).headers.get("retry-after")).toBe("10");
    vendor.misbehave({ kind: "throttle", calls: 1, variant: "DAILY" });
    expect(await (await ask(CONTACTS)).json()).toMatchObject({ policyName: "DAILY" });
    vendor.misbehave({ kind: "fail", calls: 1, variant: 502 });
    expect((await ask(CONTACTS)).status).toBe(502);
    vendor.misbehave({ kind: "drop", calls: 1 });
    await expect(page(CONTACTS)).rejects.toThrow();
  });

  it("repeats, skips and cuts pages", async () => {
    const first = await ids(`${CONTACTS}?limit=4`);
    const next = `${CONTACTS}?limit=4&after=${first[3]}`;
    vendor.misbehave({ kind: "repeat_page", calls: 1 });
    expect(await ids(next)).toEqual(first);
    const right = await ids(next);
    vendor.misbehave({ kind: "skip_page", calls: 1 });
    expect((await ids(next))[0]).not.toBe(right[0]);
    vendor.misbehave({ kind: "truncate", calls: 1 });
    expect(await page(next)).toMatchObject({ results: [{}, {}], paging: { next: { after: right[1] } } });
    vendor.misbehave({ kind: "truncate", calls: 1, variant: "silent" });
    expect((await page(next)).paging).toBeUndefined();
  });

  it("archives, deletes and restates", async () => {
    const [gone = "", shelved = ""] = await ids(`${CONTACTS}?limit=2`);
    vendor.misbehave([
      { kind: "remove", stream: "contacts", ids: [gone] },
      { kind: "archive", stream: "contacts", ids: [shelved] },
    ]);
    expect(await ids(`${CONTACTS}?archived=true`)).toEqual([shelved]);
    const both = { propertyName: "hs_object_id", operator: "IN", values: [gone, shelved] };
    expect(await ids(`${CONTACTS}/search`, { filterGroups: [{ filters: [both] }] })).toEqual([]);
    expect((await ask(`${CONTACTS}/${gone}`)).status).toBe(404);
    expect(vendor.truth().archived.contacts).toHaveLength(1);

    const sum = () =>
      vendor.truth().deals.reduce((all, { properties }) => all + Number(properties.amount), 0);
    const before = sum();
    vendor.misbehave({ kind: "restate", days: 10, percent: 10 });
    expect(sum()).toBeGreaterThan(before);
    const now = new Date(NOW).toISOString();
    expect(vendor.truth().deals.filter(({ updatedAt }) => updatedAt === now).length).toBeGreaterThan(0);
  });

  it("drifts", async () => {
    vendor.misbehave({ kind: "drift", stream: "contacts", field: "properties.email", change: "rename" });
    const [record] = (await page(`${CONTACTS}?limit=1`)).results;
    expect(record?.properties).toHaveProperty("email_v2");
    expect(record?.properties).not.toHaveProperty("email");
  });
});

it("is the same for the same seed", async () => {
  const twin = await startVendor(hubspot, { seed: 3, now: NOW });
  expect(twin.truth()).toEqual(vendor.truth());
  await twin.close();
});
