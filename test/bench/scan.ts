/**
 * The lake: cost of writing, merging and reading a row, beside DuckDB on one thread and the plain libraries.
 * @module
 */
import { benchLake } from "./lake.ts";
import type { Bench } from "./report.ts";
import { sized } from "./size.ts";

const ROWS = sized(1_000_000, 40_000);
const LEAST_PER_SECOND = 5_000_000;

export const benchScan: Bench = async () => {
  const lines = await benchLake(ROWS);
  const duck = lines.find(({ name }) => name.startsWith("DuckDB"));
  const rows = lines.map(({ name, rows: count, us_per_row, rows_per_second, note }) => ({
    what: name,
    rows: count,
    "CPU µs a row": us_per_row,
    "rows/s": Math.round(rows_per_second),
    "× DuckDB": duck ? us_per_row / duck.us_per_row : "",
    note,
  }));
  const scans = lines.filter(({ name }) => /^scan event_name, path .*merged/.test(name));
  return {
    tables: [{ title: "scan: the lake in one thread of Node, CPU time; DuckDB: event_name by path", rows }],
    checks: scans.map(({ name, rows_per_second }) => ({
      what: name,
      value: Math.round(rows_per_second),
      unit: "rows/s",
      least: LEAST_PER_SECOND,
    })),
  };
};
