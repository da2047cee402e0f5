/** The common parts of the stand-ins: the server with its faults, and the company. */
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import path from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { type AdPath, PLATFORMS } from "../../demo/vendors/company/ads.ts";
import { addPerformance, makeAccount, NO_PERFORMANCE, today } from "../../demo/vendors/company/index.ts";
import { type RunningVendor, startVendor, type Vendor } from "../../demo/vendors/server/index.ts";
import { router } from "../../demo/vendors/server/routes.ts";

const NOW = Date.UTC(2026, 5, 15, 12);

/** The smallest vendor: one path that answers, one that breaks. */
const tiny: Vendor<string[]> = {
  name: "tiny",
  faults: { throttle: "429", fail: "503", drop: "half a body", drift: "name" },
  open: ({ faults }) => {
    const route = router({
      "GET /things/:id": ({ params }) => ({ body: faults.shape("things", { id: params.id, size: 3 }) }),
      "POST /things:count": () => ({ body: { count: 1 } }),
    });
    return {
      handle: (request) => route(request) ?? { status: 404, body: { error: "no such path" } },
      throttled: () => ({ status: 429, headers: { "retry-after": "2" }, body: {} }),
      broken: (_, variant) => ({ status: Number(variant ?? 503), body: {} }),
      truth: () => ["a"],
    };
  },
};

let vendor: RunningVendor<string[]> | undefined;
afterEach(() => vendor?.close());

describe("a stand-in's server", () => {
  it("routes, logs and moves its clock", async () => {
    vendor = await startVendor(tiny, { now: NOW });
    const answer = await fetch(`${vendor.url}/things/a%20b?x=1`, { headers: { authorization: "Bearer t" } });
    expect(await answer.json()).toEqual({ id: "a b", size: 3 });
    expect(await (await fetch(`${vendor.url}/things:count`, { method: "POST" })).json()).toEqual({
      count: 1,
    });
    expect((await fetch(`${vendor.url}/elsewhere`)).status).toBe(404);
    expect(vendor.log).toMatchObject([
      { at: NOW, method: "GET", path: "/things/a%20b", query: "x=1", auth: "Bearer t", status: 200 },
      { method: "POST", path: "/things:count", status: 200 },
      { path: "/elsewhere", status: 404 },
    ]);
    vendor.setNow(NOW + 1);
    expect(vendor.now()).toBe(NOW + 1);
  });

  it("applies faults to the given number of calls on the given path", async () => {
    vendor = await startVendor(tiny, { now: NOW });
    const status = async (path: string) => (await fetch(`${vendor?.url}${path}`)).status;
    vendor.misbehave([
      { kind: "throttle", calls: 1, on: "/things", after: 1 },
      { kind: "fail", calls: 1, variant: 502 },
    ]);
    expect(await status("/other")).toBe(502);
    expect(await status("/things/a")).toBe(200);
    expect(await status("/things/a")).toBe(429);
    expect(await status("/things/a")).toBe(200);
    vendor.misbehave({ kind: "drop", calls: 1 });
    await expect(fetch(`${vendor.url}/things/a`).then((answer) => answer.text())).rejects.toThrow();
    expect(vendor.log.map((call) => call.fault ?? "")).toEqual(["fail", "", "throttle", "", "drop"]);
    vendor.misbehave({ kind: "fail", calls: 9 });
    vendor.calm();
    expect(await status("/things/a")).toBe(200);
    expect(() => vendor?.misbehave({ kind: "revoke" })).toThrow("tiny cannot revoke");
  });

  it("changes the shape of records", async () => {
    vendor = await startVendor(tiny, { now: NOW });
    const shapes: object[] = [];
    for (const change of ["rename", "add", "null", "retype"] as const) {
      vendor.misbehave({
        kind: "drift",
        stream: "things",
        field: change === "add" ? "extra" : "size",
        change,
      });
      shapes.push(await (await fetch(`${vendor.url}/things/a`)).json());
      vendor.calm();
    }
    expect(shapes).toEqual([
      { id: "a", size_v2: 3 },
      { id: "a", size: 3, extra: "drift" },
      { id: "a", size: null },
      { id: "a", size: "3" },
    ]);
  });
});

it("loads without a build step, as required by the demo", () => {
  const folder = path.join(import.meta.dirname, "../../demo/vendors");
  const files = readdirSync(folder).filter((file) => file.endsWith(".ts"));
  const script = files.map((file) => `await import(${JSON.stringify(path.join(folder, file))});`).join("");
  const run = spawnSync(process.execPath, ["--input-type=module", "--eval", script], { encoding: "utf8" });
  expect(run.stderr).toBe("");
  expect(run.status).toBe(0);
});

describe("the company", () => {
  const account = makeAccount({ seed: 7 });
  const total = (path: AdPath[], day: string, at: number) =>
    path.flatMap((one) => account.performance(one, day, at) ?? []).reduce(addPerformance, NO_PERFORMANCE);

  it("is the same for the same seed, and another for another", () => {
    expect(makeAccount({ seed: 7 }).adAccounts).toEqual(account.adAccounts);
    expect(makeAccount({ seed: 8 }).adAccounts).not.toEqual(account.adAccounts);
    const spend = (seed: number) =>
      makeAccount({ seed }).spend("google_ads", "2026-05-01", "2026-05-31", NOW);
    expect(spend(7)).toEqual(spend(7));
    expect([...spend(7).keys()]).toEqual(["USD", "JPY"]);
  });

  it("has unique ids for every object, and a source and campaign that identify one campaign", () => {
    const paths = PLATFORMS.flatMap(account.adPaths);
    const ids = new Set(paths.flatMap(({ campaign, group, ad }) => [campaign.id, group.id, ad.id]));
    const campaigns = account.adAccounts.flatMap((one) => one.campaigns);
    expect(ids.size).toBe(campaigns.length * (1 + 2 + 4));
    expect(new Set(campaigns.map(({ utm }) => `${utm.source}/${utm.campaign}`)).size).toBe(campaigns.length);
    for (const { campaign, ad } of paths) expect(ad.url).toContain(`utm_campaign=${campaign.utm.campaign}`);
  });

  it("has less activity at weekends", () => {
    const paths = account.adPaths("meta_ads");
    expect(total(paths, "2026-05-16", NOW).spendMinor).toBeLessThan(
      total(paths, "2026-05-13", NOW).spendMinor,
    );
  });

  it("reports a day with delay: nothing before it, a part during it, more conversions for four weeks", () => {
    const paths = account.adPaths("meta_ads");
    const at = (day: number) => total(paths, "2026-05-13", Date.UTC(2026, 4, day, 12));
    expect(at(12).spendMinor).toBe(0);
    expect(at(13).spendMinor).toBeLessThan(at(14).spendMinor);
    expect(at(14).spendMinor).toBeLessThan(at(17).spendMinor);
    expect(at(17).spendMinor).toBe(at(30).spendMinor);
    expect(at(15).conversions).toBeLessThan(at(45).conversions);
    expect(at(45)).toEqual(at(99));
  });

  it("distributes an ad group's day over its keywords exactly", () => {
    for (const { account: own, group } of account.adPaths("google_ads")) {
      const ads = account.adPaths("google_ads").filter((path) => path.group === group);
      const parts = [...account.keywordPerformance(own, group.id, "2026-05-13", NOW).values()];
      const sum = parts.reduce(addPerformance, NO_PERFORMANCE);
      const { valueMinor, ...whole } = total(ads, "2026-05-13", NOW);
      expect(sum).toMatchObject(whole);
      expect(Math.abs(sum.valueMinor - valueMinor)).toBeLessThanOrEqual(2);
    }
  });

  it("restates past days on demand", () => {
    const own = makeAccount({ seed: 7 });
    const before = own.spend("google_ads", "2026-05-10", "2026-05-12", NOW).get("JPY") ?? 0;
    own.restate({ platform: "google_ads", from: "2026-05-10", to: "2026-05-12", factor: 1.1 });
    const after = own.spend("google_ads", "2026-05-10", "2026-05-12", NOW).get("JPY") ?? 0;
    expect(after / before).toBeCloseTo(1.1, 2);
  });

  it("knows the date in each zone", () => {
    expect(today(Date.UTC(2026, 0, 1, 3), "America/New_York")).toBe("2025-12-31");
    expect(today(Date.UTC(2026, 0, 1, 16), "Asia/Tokyo")).toBe("2026-01-02");
  });
});
