/**
 * Derives a project's numbers again from the lake: `npm run rebuild -- --from 2026-11-01`.
 * @module
 */
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { command } from "./command.ts";
import { Progress } from "./progress.ts";
import { call, TARGET_OPTIONS, targetOf } from "./target.ts";

const HELP = `npm run rebuild -- [--project P --token T] [--url U] [--from DATE] [--to DATE]

  --from    first day (ISO 8601), default the first event
  --to      end of the range, default now

Statistics stay readable meanwhile. The token needs the scopes projects:read and projects:write.`;

const POLL_MS = 500;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { ...TARGET_OPTIONS, from: { type: "string" }, to: { type: "string" } },
  });
  if (values.help) return console.log(HELP);
  const target = targetOf(values);
  const { days } = await call<{ days: number }>(target, "POST", "rebuild", {
    from: values.from,
    to: values.to,
  });
  const progress = new Progress("deriving", "days");
  for (let left = days; left > 0; await sleep(POLL_MS)) {
    left = (await call<{ days_to_derive: number }>(target, "GET", "pipeline")).days_to_derive;
    progress.update(days - left, days ? 1 - left / days : 1);
  }
  progress.end();
  console.log(`${days} days derived again from the lake.`);
}

await command(import.meta.url, main);
