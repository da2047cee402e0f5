/**
 * The slowest files and tests of a run, from the JSON reports of its parts.
 * @module
 */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

const SHOWN = 10;

/** The fields of Vitest's JSON report that are read. Times are in ms. */
interface Report {
  testResults: {
    name: string;
    startTime: number;
    endTime: number;
    assertionResults: { fullName: string; duration?: number | null }[];
  }[];
}

interface Timed {
  name: string;
  ms: number;
}

/** Prints the slowest files and tests of all `*.json` reports in a folder; nothing when there are none. */
export function printSlowest(folder: string): void {
  const files: Timed[] = [];
  const tests: Timed[] = [];
  for (const name of readdirSync(folder).filter((file) => file.endsWith(".json"))) {
    const { testResults } = JSON.parse(readFileSync(path.join(folder, name), "utf8")) as Report;
    for (const file of testResults) {
      const short = path.relative(path.join(import.meta.dirname, "../.."), file.name);
      files.push({ name: short, ms: file.endTime - file.startTime });
      for (const { fullName, duration } of file.assertionResults)
        tests.push({ name: `${short}: ${fullName}`, ms: duration ?? 0 });
    }
  }
  printList("slowest files", files);
  printList("slowest tests", tests);
}

function printList(title: string, timed: Timed[]): void {
  if (!timed.length) return;
  console.log(`\n── ${title}`);
  for (const { name, ms } of timed.toSorted((a, b) => b.ms - a.ms).slice(0, SHOWN))
    console.log(`${(ms / 1000).toFixed(1).padStart(7)} s  ${name}`);
}
