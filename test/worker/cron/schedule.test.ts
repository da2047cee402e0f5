import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { runSchedule } from "../../../worker/cron";

const NOON = Date.UTC(2026, 10, 1, 12);
const MINUTE_MS = 60_000;

function recorder(failing: string[] = []) {
  const done: string[] = [];
  const work = (name: string) => async () => {
    if (failing.includes(name)) throw new Error(`${name} failed`);
    done.push(name);
  };
  return {
    done,
    bindings: {
      CONTROL: env.CONTROL,
      wake: work("wake"),
      sync: work("sync"),
      tidy: work("tidy"),
      check: work("check"),
    },
  };
}

test("syncs are started every minute, leftovers are cleared every five", async () => {
  const { done, bindings } = recorder();
  for (let minute = 1; minute <= 10; minute++) await runSchedule(bindings, NOON + minute * MINUTE_MS + 300);
  const count = (name: string) => done.filter((each) => each === name).length;
  expect([count("wake"), count("sync"), count("tidy"), count("check")]).toEqual([10, 10, 2, 0]);
});

test("a failure is reported and does not stop the other jobs", async () => {
  const { done, bindings } = recorder(["sync"]);
  await expect(runSchedule(bindings, NOON)).rejects.toThrow("scheduled jobs failed");
  expect(done).toEqual(["wake", "tidy", "check"]);
});
