import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { HOUR_MS } from "../../../worker/lib/time";
import { deriveMarked, finishZoneChanges, foldAll } from "../../../worker/pipeline/fold";
import { commit } from "../../../worker/pipeline/queue";
import { makeAccount } from "../../support/client";
import { LAKE } from "../../support/lake";
import { makeRow } from "../../support/make-row";
import { derivedState, messageOf } from "../../support/pipeline";

const stores = { db: env.SHARD_0, lake: LAKE };

async function makeProject(timezone = "UTC") {
  const account = await makeAccount();
  const { data } = await account.call("POST", "/api/v1/projects", {
    token: account.token,
    body: { name: "Shop", timezone },
  });
  const id: string = data.id;
  const call = (method: string, path: string, body?: unknown) =>
    account.call(method, `/api/v1/projects/${id}${path}`, { token: account.token, body });
  return { id, call };
}

function message(project: string, key: string, time: number) {
  return messageOf(key, [makeRow({ project_id: project, event_id: key, timestamp: time })], time);
}

async function bury(project: string, key: string, body: unknown): Promise<void> {
  await env.SHARD_0.prepare(
    `INSERT INTO dead_letters (id, project, key, reason, body, attempts, failed_at) VALUES (?1, ?2, ?3, 'gave up', ?4, 100, ?5)`,
  )
    .bind(`letter-${key}`, project, key, JSON.stringify(body), Date.now())
    .run();
}

describe("dead letters", () => {
  it("are listed, replayed once and deleted", async () => {
    const { id, call } = await makeProject();
    const lost = message(id, "lost", Date.now());
    await bury(id, lost.key, lost);
    const { data } = await call("GET", "/dead-letters");
    expect(data.data).toMatchObject([
      { id: `letter-${lost.key}`, key: lost.key, reason: "gave up", replayed_at: null },
    ]);
    const path = `/dead-letters/${encodeURIComponent(`letter-${lost.key}`)}`;
    expect((await call("POST", `${path}/replay`)).status).toBe(202);
    await expect
      .poll(async () => (await call("GET", "/pipeline")).data.complete_until, { timeout: 20_000 })
      .toBe(lost.received_at);
    expect((await call("GET", "/dead-letters")).data.data[0].replayed_at).toBeGreaterThan(0);
    expect((await call("DELETE", path)).status).toBe(204);
    expect((await call("DELETE", path)).status).toBe(404);
    expect((await call("GET", "/pipeline")).data.dead_letters).toBe(0);
  });

  it("that are malformed can be read, not replayed", async () => {
    const { id, call } = await makeProject();
    await bury(id, "broken", { nonsense: true });
    const { status, data } = await call("POST", "/dead-letters/letter-broken/replay");
    expect([status, data.code]).toEqual([422, "unprocessable"]);
  });

  it("refuse a cursor of another list", async () => {
    const { call } = await makeProject();
    const { status, data } = await call("GET", "/dead-letters?cursor=nonsense");
    expect([status, data.errors[0].path]).toEqual([400, "cursor"]);
  });
});

describe("the numbers of a project", () => {
  it("are derived again from the lake on command", async () => {
    const { id, call } = await makeProject();
    const now = Date.now();
    await commit(stores, [message(id, "a", now)], now);
    await foldAll(stores, 0, now);
    const before = await derivedState(id);
    await env.SHARD_0.prepare("DELETE FROM rollups WHERE project = ?1").bind(id).run();
    const { status, data } = await call("POST", "/rebuild", {});
    expect([status, data.days]).toEqual([202, 1]);
    await deriveMarked(stores, now);
    expect(await derivedState(id)).toEqual(before);
  });

  it("are grouped by another zone when the zone changes", async () => {
    const { id, call } = await makeProject();
    const now = Date.now();
    await commit(stores, [message(id, "a", now - 20 * HOUR_MS), message(id, "b", now)], now);
    await foldAll(stores, 0, now);
    await deriveMarked(stores, now);
    // The project's Folder may have derived the days already.
    const changing = (await call("PATCH", "", { timezone: "Asia/Kolkata" })).data;
    if (changing.zone_change) {
      expect(changing.timezone).toBe("UTC");
      expect(changing.zone_change).toMatchObject({ timezone: "Asia/Kolkata", failing_days: 0 });
      expect(changing.zone_change.days_total).toBeGreaterThan(0);
    }
    await deriveMarked(stores, now);
    await finishZoneChanges(stores, now);
    expect((await call("GET", "")).data).toMatchObject({ timezone: "Asia/Kolkata", zone_change: null });
    const days = Object.keys((await derivedState(`${id}@1`)).rollups).filter((name) =>
      name.startsWith("day "),
    );
    expect(days.length).toBeGreaterThan(0);
    for (const name of days) expect(name).toContain("T18:30:00.000Z");
  });
});

describe("computing all days again", () => {
  it("is refused after ten times a minute, also by another time zone, for that project alone", async () => {
    const [busy, other] = [await makeProject(), await makeProject()];
    const statuses: number[] = [];
    for (let i = 0; i < 12; i++) {
      statuses.push((await busy.call("POST", "/rebuild", {})).status);
      const timezone = i % 2 ? "UTC" : "Asia/Tokyo";
      statuses.push((await busy.call("PATCH", "", { timezone })).status);
    }
    expect(new Set(statuses)).toEqual(new Set([202, 200, 429]));
    expect(statuses.filter((status) => status < 300).length).toBeLessThanOrEqual(20);
    expect((await busy.call("PATCH", "", { name: "Store" })).status).toBe(200);
    expect((await other.call("POST", "/rebuild", {})).status).toBe(202);
  });
});
