import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { mrr } from "../../../../demo/vendors/company/billing";
import { makeAccount } from "../../../../demo/vendors/company/index";
import type { HubspotTruth } from "../../../../demo/vendors/hubspot/index";
import { type StripeTruth, stripeWorld } from "../../../../demo/vendors/stripe/world";
import { buildMarts, testModels } from "../../../../worker/sources/models";
import { LAKE } from "../../../support/lake";
import {
  addRates,
  addSource,
  commitContents,
  makeStageProject,
  makeVendorAccount,
  martRows,
} from "../../../support/mart-stage";
import { startVendor } from "../../../support/vendors/client";
import { expected as expectedOfHubspot } from "../../../support/vendors-truth/hubspot";
import { expected as expectedOfStripe } from "../../../support/vendors-truth/stripe";

const NOW = Date.parse("2026-09-20T10:00:00Z");
const SEED = 4;
const stores = { control: env.CONTROL, db: env.SHARD_0, lake: LAKE };
const RATES: [string, string, number][] = [
  ["2025-12-31", "USD", 1.25],
  ["2025-12-31", "JPY", 160],
  ["2025-12-31", "GBP", 0.8],
];

describe("subscriptions", () => {
  it("have the monthly revenue of the billing system", async () => {
    await addRates(RATES);
    const vendor = await startVendor({ vendor: "stripe", seed: SEED, now: NOW });
    const truth = await vendor.truth<StripeTruth>();
    const project = await makeStageProject();
    const stage = await addSource(project, "stripe", [makeVendorAccount("acct_1", null)]);
    for (const stream of ["customers", "products", "prices", "subscriptions"]) {
      const records = Object.fromEntries(expectedOfStripe(truth, stream));
      await commitContents(stage, stream, "acct_1", { records, completeUntil: NOW }, NOW);
    }
    await buildMarts(stores, project, { now: NOW, budgetMs: 60_000 });
    const rows = await martRows(project, "subscriptions");
    expect(rows.length).toBe(truth.subscriptions.length);
    const actual = new Map<string, number>();
    for (const row of rows) actual.set(row.currency, (actual.get(row.currency) ?? 0) + row.mrr_minor);
    const customers = stripeWorld(makeAccount({ seed: SEED }), "2026-07-29.dahlia").customers(NOW);
    for (const [currency, minor] of mrr(customers, NOW))
      expect(actual.get(currency.toUpperCase()), currency).toBeCloseTo(minor, 4);
    const yen = rows.find((row) => row.currency === "JPY" && row.mrr_minor > 0);
    expect(yen?.mrr).toBeCloseTo((yen?.mrr_minor ?? 0) / 160, 9);
    const dollars = rows.find((row) => row.currency === "USD" && row.mrr_minor > 0);
    expect(dollars?.mrr).toBeCloseTo((dollars?.mrr_minor ?? 0) / 100 / 1.25, 9);
    expect(await testModels(stores, project, NOW)).toEqual([]);
  });
});

describe("contacts and deals", () => {
  it("have labels, amounts in major units and their campaign", async () => {
    await addRates(RATES);
    const vendor = await startVendor({ vendor: "hubspot", seed: SEED, now: NOW });
    const truth = await vendor.truth<HubspotTruth>();
    const project = await makeStageProject();
    const stage = await addSource(project, "hubspot", [makeVendorAccount("1", "USD")]);
    const read = (stream: string) => expectedOfHubspot(truth, stream);
    for (const stream of ["contacts", "deals", "pipelines"])
      await commitContents(
        stage,
        stream,
        "1",
        { records: Object.fromEntries(read(stream)), completeUntil: NOW },
        NOW,
      );
    await buildMarts(stores, project, { now: NOW, budgetMs: 60_000 });
    const contacts = await martRows(project, "contacts");
    const deals = await martRows(project, "deals");
    expect([contacts.length, deals.length]).toEqual([read("contacts").size, read("deals").size]);
    expect(new Set(deals.map(({ stage: label }) => label))).toContain("Closed won");
    const byContact = new Map(contacts.map((row) => [row.contact_id, row]));
    for (const deal of deals) {
      expect(deal.utm_campaign).toBe(byContact.get(deal.contact_id ?? "")?.utm_campaign ?? null);
      if (deal.currency === "GBP") expect(deal.amount).toBeCloseTo((deal.amount_minor ?? 0) / 100 / 0.8, 9);
      if (deal.currency === "JPY") expect(deal.amount).toBeCloseTo((deal.amount_minor ?? 0) / 160, 9);
      expect(deal.closed_at === null).toBe(!deal.is_closed);
    }
    expect(await testModels(stores, project, NOW)).toEqual([]);

    const [gone] = contacts;
    await commitContents(stage, "contacts", "1", { removed: [gone?.contact_id ?? ""] }, NOW + 1);
    await buildMarts(stores, project, { now: NOW + 1, budgetMs: 60_000 });
    expect((await martRows(project, "contacts")).map((row) => row.contact_id)).not.toContain(
      gone?.contact_id,
    );
  });
});
