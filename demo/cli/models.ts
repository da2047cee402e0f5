/**
 * `npm run models`: tests the models of a project and prints the results.
 * @module
 */
import { parseArgs } from "node:util";
import type { Model } from "../../schema/wire/model.ts";
import { command } from "./command.ts";
import { call, TARGET_OPTIONS, targetOf } from "./target.ts";

const HELP = `npm run models -- [--project P --token T] [--url U]

Tests every model on every row and lists failing tests with keys of their rows. Exits with 1 when a test fails.
The token needs the scope content:write.`;

/** One line per model, followed by its failed tests. */
export function tableOf(models: readonly Model[]): string {
  const tested = models.filter(({ tests }) => tests.length > 0);
  const width = Math.max(...tested.map(({ name }) => name.length));
  return tested
    .flatMap(({ name, tests }) => {
      const broken = tests.filter(({ failures }) => failures > 0);
      const rows = Math.max(...tests.map((test) => test.rows));
      const mark = broken.length === 0 ? "✓" : "✗";
      const held = `${tests.length - broken.length} of ${tests.length} tests passed`;
      return [
        `${mark} ${name.padEnd(width)}  ${String(rows).padStart(9)} rows  ${held}`,
        ...broken.map(
          (test) => `    ${test.name}: ${test.failures} rows, such as ${test.examples.join("; ")}`,
        ),
      ];
    })
    .join("\n");
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: TARGET_OPTIONS });
  if (values.help) return console.log(HELP);
  const { data } = await call<{ data: Model[] }>(targetOf(values), "POST", "models/test");
  console.log(tableOf(data));
  if (data.some(({ tests }) => tests.some(({ failures }) => failures > 0))) process.exitCode = 1;
}

await command(import.meta.url, main);
