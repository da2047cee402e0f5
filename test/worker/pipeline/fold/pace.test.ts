/** A quiet shard is folded once a minute while nobody waits for its numbers. */
import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { MINUTE_MS, SECOND_MS } from "../../../../worker/lib/time";
import { Pace } from "../../../../worker/pipeline/fold/pace";
import { watch } from "../../../../worker/pipeline/live/store";
import { commit } from "../../../../worker/pipeline/queue";
import { storesOfShard } from "../../../../worker/tenancy/projects";
import { makeRow } from "../../../support/make-row";
import { messageOf } from "../../../support/pipeline";

const INTERVAL_MS = 2 * SECOND_MS;
const NOW = Date.parse("2026-11-20T15:20:00Z");
const nobody = async () => false;

it.each<[string, (pace: Pace) => void, boolean, number]>([
  ["nobody waits", () => {}, false, MINUTE_MS],
  ["somebody watches", () => {}, true, INTERVAL_MS],
  ["somebody asked a minute ago", (pace) => pace.attend(NOW - MINUTE_MS), false, INTERVAL_MS],
  ["somebody asked an hour ago", (pace) => pace.attend(NOW - 60 * MINUTE_MS), false, MINUTE_MS],
  ["10 events a second come in", (pace) => pace.folded(20, INTERVAL_MS), false, INTERVAL_MS],
  ["10 events a minute come in", (pace) => pace.folded(10, MINUTE_MS), false, MINUTE_MS],
])("when %s", async (_, prepare, isWatched, expected) => {
  const pace = new Pace(INTERVAL_MS);
  prepare(pace);
  expect(await pace.next(NOW, async () => isWatched)).toBe(expected);
  expect(await new Pace(INTERVAL_MS).next(NOW, nobody)).toBe(MINUTE_MS);
});

it("is never shorter than the interval", async () => {
  expect(await new Pace(10 * MINUTE_MS).next(NOW, nobody)).toBe(10 * MINUTE_MS);
});

let sent = 0;
/** A folder that has just folded, with an event that it has not folded yet. */
async function waitingFolder(name: string) {
  const folder = env.FOLDER.get(env.FOLDER.idFromName(name));
  const alarmIn = async () => {
    const alarm = await runInDurableObject(folder, (_, { storage }) => storage.getAlarm());
    return alarm === null ? null : alarm - Date.now();
  };
  const send = async () => {
    const now = Date.now();
    const event = makeRow({ project_id: "paced", event_id: `e${sent}`, timestamp: now });
    await commit(storesOfShard(env, 0), [messageOf(`m${sent++}`, [event], now)], now);
    await folder.wake(0);
  };
  await env.SHARD_0.prepare("INSERT OR IGNORE INTO fold_state (project) VALUES ('paced')").run();
  await send();
  await runDurableObjectAlarm(folder);
  await send();
  return { folder, alarmIn };
}

it("an event waits up to a minute, until somebody asks", async () => {
  const { folder, alarmIn } = await waitingFolder("asked");
  expect(await alarmIn()).toBeGreaterThan(MINUTE_MS / 2);
  await folder.attend(0);
  expect(await alarmIn()).toBeLessThanOrEqual(INTERVAL_MS);
});

it("an open live socket keeps the interval short", async () => {
  await watch(env.SHARD_0, "paced", Date.now() + MINUTE_MS, 1);
  const { alarmIn } = await waitingFolder("watched");
  expect(await alarmIn()).toBeLessThanOrEqual(INTERVAL_MS);
});

it("a question with nothing to fold causes no round", async () => {
  const { folder, alarmIn } = await waitingFolder("idle");
  await runDurableObjectAlarm(folder);
  await folder.attend(0);
  expect(await alarmIn()).toBeNull();
});
