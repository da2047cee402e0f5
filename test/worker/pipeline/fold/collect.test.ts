import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { DAY_MS } from "../../../../worker/lib/time";
import { foldAll } from "../../../../worker/pipeline/fold";
import { collectGarbage } from "../../../../worker/pipeline/fold/tidy";
import { liveSegments } from "../../../../worker/pipeline/lake";
import { commit } from "../../../../worker/pipeline/queue";
import { LAKE } from "../../../support/lake";
import { makeRow } from "../../../support/make-row";
import { addProject, messageOf } from "../../../support/pipeline";

const NOW = Date.parse("2026-11-20T15:20:00Z");
const stores = { db: env.SHARD_0, lake: LAKE };

async function count(sql: string): Promise<number> {
  return (await env.SHARD_0.prepare(sql).first<number>("count")) ?? 0;
}

it("deletes expired data, and nothing earlier", async () => {
  await addProject("old");
  const row = (id: string, drop_reason: "bot" | null) =>
    makeRow({ project_id: "old", event_id: id, timestamp: NOW - 4000 * DAY_MS, drop_reason });
  const message = messageOf("k", [row("a", null), row("b", "bot")], NOW);
  await commit(stores, [message], NOW);
  const { until } = await foldAll(stores, 0, NOW);
  await env.SHARD_0.prepare(
    "INSERT INTO dead_letters (id, project, key, reason, body, attempts, failed_at) VALUES ('l', 'old', ?1, 'gave up', '{}', 100, ?2)",
  )
    .bind(message.key, NOW)
    .run();
  const state = async () => ({
    drops: await count("SELECT count(*) AS count FROM drops"),
    commits: await count("SELECT count(*) AS count FROM commits"),
    letters: await count("SELECT count(*) AS count FROM dead_letters"),
    applied: await count("SELECT count(*) AS count FROM sqlite_master WHERE name = 'applied_keys_20261120'"),
    dropped: (await liveSegments(env.SHARD_0, "dropped")).length,
    events: (await liveSegments(env.SHARD_0, "events")).length,
  });
  const rows = { drops: 1, commits: 1, letters: 1, applied: 1, dropped: 1, events: 1 };

  await collectGarbage(stores, until, NOW + 6 * DAY_MS);
  expect(await state()).toEqual(rows);
  await collectGarbage(stores, until, NOW + 18 * DAY_MS);
  expect(await state()).toEqual({ ...rows, commits: 0, letters: 0, applied: 0 });
  await collectGarbage(stores, until, NOW + 32 * DAY_MS);
  expect(await state()).toEqual({ drops: 0, commits: 0, letters: 0, applied: 0, dropped: 0, events: 1 });
});
