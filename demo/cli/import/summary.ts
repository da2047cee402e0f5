/**
 * The summary of an import.
 * @module
 */
import path from "node:path";
import { count } from "../progress.ts";
import { SKIP_REASONS } from "./rule.ts";
import type { Imported } from "./run.ts";

/** Returns the text that is printed at the end. */
export function summary(file: string, done: Imported): string {
  const day = (at: number) => new Date(at).toISOString().slice(0, 10);
  const span = done.from <= done.to ? `, ${day(done.from)} to ${day(done.to)}` : "";
  const site = done.site ? `, site ${done.site}` : "";
  const rows: [string, number, string][] = [["accepted", done.accepted, ""]];
  for (const reason of Object.keys(SKIP_REASONS) as (keyof typeof SKIP_REASONS)[]) {
    const lines = done.left.get(reason);
    if (lines) rows.push([`skipped: ${reason}`, lines, SKIP_REASONS[reason]]);
  }
  for (const [reason, events] of done.dropped)
    rows.push([`dropped: ${reason}`, events, "by the server, for this reason"]);
  for (const [code, events] of done.rejected) rows.push([`rejected: ${code}`, events, "by the server"]);
  const table = rows.map(([name, n, why]) =>
    `  ${name.padEnd(22)}${count(n).padStart(12)}  ${why}`.trimEnd(),
  );
  const faults = done.faults.length
    ? ["", "The first faults:", ...done.faults.map((fault) => `  ${fault}`)]
    : [];
  return [`${path.basename(file)}: ${count(done.lines)} lines${span}${site}`, ...table, ...faults].join("\n");
}
