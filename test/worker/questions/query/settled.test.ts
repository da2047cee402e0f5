import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import type { Query } from "../../../../schema/wire/query";
import { DAY_MS } from "../../../../worker/lib/time";
import {
  type Dimension,
  encodePacked,
  hashOf,
  precisionOf,
  type RollupRow,
  Sketch,
  writeRows,
} from "../../../../worker/pipeline/rollup";
import { answer } from "../../../../worker/questions/query";
import { LAKE } from "../../../support/lake";
import { addProject } from "../../../support/pipeline";

const NOW = Date.parse("2026-03-20T15:20:00Z");
const TODAY = Date.parse("2026-03-20T00:00:00Z");
const asker = { project: "settled", timezone: "UTC", currency: "EUR", now: NOW };

/** A day's sessions by source, each source with its identified visitors. */
function day(ago: number, sources: Record<string, string[]>): RollupRow {
  const dimension: Dimension = "visit:source";
  const setOf = (names: string[]) => {
    const sketch = new Sketch(precisionOf(dimension));
    for (const name of names) sketch.add(hashOf(name));
    return sketch.encode();
  };
  const visitors = Object.values(sources);
  const none = visitors.map(() => 0);
  const body = encodePacked(dimension, {
    values: Object.keys(sources),
    counts: {
      events: none,
      pageviews: none,
      sessions: visitors.map((v) => v.length),
      bounces: none,
      duration_ms: none,
    },
    sets: { anonymous: none, identified: visitors.map(setOf) },
  });
  return { grain: "day", dimension, bucket: TODAY - ago * DAY_MS, sealed: ago > 0, body };
}

const write = (...rows: RollupRow[]) =>
  env.SHARD_0.batch(writeRows(env.SHARD_0, [{ project: "settled", rows }]));

const query: Query = {
  dataset: "sessions",
  metrics: ["visitors"],
  dimensions: ["visit:source"],
  range: "7d",
};

async function visitors() {
  const { found } = await answer({ db: env.SHARD_0, lake: LAKE }, asker, { found: query });
  if ("code" in found) throw new Error(found.detail);
  return Object.fromEntries(found.rows);
}

describe("sealed days that were queried before", () => {
  beforeAll(async () => {
    await addProject("settled");
    await env.SHARD_0.prepare("UPDATE fold_state SET sealed_until = ?1 WHERE project = 'settled'")
      .bind(TODAY)
      .run();
    await write(day(3, { Bing: ["ada", "bob"], Mail: ["cyd"] }), day(1, { Bing: ["bob", "dan"] }));
    await write(day(0, { Bing: ["ada"] }));
  });

  it("unite with today's growing data", async () => {
    expect(await visitors()).toEqual({ Bing: 3, Mail: 1 });
    await write(day(0, { Bing: ["ada", "eve"], Mail: ["cyd", "dan"] }));
    expect(await visitors()).toEqual({ Bing: 4, Mail: 2 });
    expect(await visitors()).toEqual({ Bing: 4, Mail: 2 });
  });

  it("are read again when an empty day got data", async () => {
    await write({ ...day(2, { Mail: ["fay"] }), sealed: false });
    expect(await visitors()).toEqual({ Bing: 4, Mail: 3 });
    await write(day(2, { Mail: ["fay", "gus"] }));
    expect(await visitors()).toEqual({ Bing: 4, Mail: 4 });
  });

  it("are read again when one was derived again", async () => {
    await env.SHARD_0.batch([
      ...writeRows(env.SHARD_0, [{ project: "settled", rows: [day(1, { Bing: ["bob"] })] }]),
      env.SHARD_0.prepare("UPDATE fold_state SET epoch = epoch + 1 WHERE project = 'settled'"),
    ]);
    expect(await visitors()).toEqual({ Bing: 3, Mail: 4 });
  });

  it("unite with other visitors today, as many as before", async () => {
    expect(await visitors()).toEqual({ Bing: 3, Mail: 4 });
    await env.SHARD_0.batch([
      ...writeRows(env.SHARD_0, [
        { project: "settled", rows: [day(0, { Bing: ["zoe", "eve"], Mail: ["cyd", "dan"] })] },
      ]),
      env.SHARD_0.prepare("UPDATE fold_state SET seq = seq + 1 WHERE project = 'settled'"),
    ]);
    expect(await visitors()).toEqual({ Bing: 4, Mail: 4 });
    expect(await visitors()).toEqual({ Bing: 4, Mail: 4 });
  });
});
