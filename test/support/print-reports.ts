/**
 * The slowest files and tests of a run and its failures, from the JSON reports of its parts.
 * @module
 */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

const SHOWN = 10;
/** Lines of a failure's message that are shown. */
const MESSAGE_LINES = 12;

/** The fields of Vitest's JSON report that are read. Times are in ms. */
interface Report {
  testResults: {
    name: string;
    startTime: number;
    endTime: number;
    status: "passed" | "failed";
    /** Why the file itself failed, such as an import or a hook. */
    message: string;
    assertionResults: {
      fullName: string;
      status: string;
      duration?: number | null;
      failureMessages?: string[] | null;
    }[];
  }[];
}

interface Timed {
  name: string;
  ms: number;
}

/** Prints the slowest files and tests of all `*.json` reports in a folder, then what failed; nothing without reports. */
export function printReports(folder: string): void {
  const results = readdirSync(folder)
    .filter((file) => file.endsWith(".json"))
    .flatMap((file) => (JSON.parse(readFileSync(path.join(folder, file), "utf8")) as Report).testResults)
    .map((file) => ({ ...file, name: path.relative(path.join(import.meta.dirname, "../.."), file.name) }));
  printList(
    "slowest files",
    results.map(({ name, startTime, endTime }) => ({ name, ms: endTime - startTime })),
  );
  printList(
    "slowest tests",
    results.flatMap(({ name, assertionResults }) =>
      assertionResults.map(({ fullName, duration }) => ({ name: `${name}: ${fullName}`, ms: duration ?? 0 })),
    ),
  );
  for (const file of results.filter(({ status }) => status === "failed")) printFailed(file);
}

/** The failures again, at the end: the output of parts that run side by side is long. */
function printFailed({ name, message, assertionResults }: Report["testResults"][number]): void {
  console.log(`\n── failed: ${name}`);
  if (message) console.log(firstLines(message));
  for (const { fullName, failureMessages } of assertionResults.filter(({ status }) => status === "failed"))
    console.log(`${fullName}\n${firstLines(failureMessages?.join("\n") ?? "")}`);
}

const firstLines = (text: string): string => text.split("\n", MESSAGE_LINES).join("\n");

function printList(title: string, timed: Timed[]): void {
  if (!timed.length) return;
  console.log(`\n── ${title}`);
  for (const { name, ms } of timed.toSorted((a, b) => b.ms - a.ms).slice(0, SHOWN))
    console.log(`${(ms / 1000).toFixed(1).padStart(7)} s  ${name}`);
}
