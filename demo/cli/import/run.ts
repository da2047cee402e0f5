/**
 * Reads a file and sends its events.
 * @module
 */
import { sendAll } from "../send.ts";
import { type Target, UsageError } from "../target.ts";
import { batchesOf } from "./batches.ts";
import { openFile } from "./file.ts";
import { guessSite, readLog } from "./log.ts";
import { type ImportRow, Reading } from "./row.ts";
import { readCsv, readNdjson, type TableOptions } from "./table.ts";

/** Formats of files. */
export const FORMATS = ["log", "csv", "ndjson"] as const;
export type Format = (typeof FORMATS)[number];

/** What to import, and how to read it. */
export interface ImportOptions extends TableOptions {
  file: string;
  format: Format;
  /** Origin of the site of a log; guessed by default. */
  site?: string;
}

/** The result of an import. */
export interface Imported {
  lines: number;
  /** Events that count in statistics. */
  accepted: number;
  /** Lines skipped by the importer, by reason. */
  left: Map<string, number>;
  /** Stored by the server, but excluded from the statistics, by its reasons. */
  dropped: Map<string, number>;
  /** Refused by the server, by code. */
  rejected: Map<string, number>;
  /** The first faults, with their lines. */
  faults: string[];
  /** First and last time of an event that was sent. */
  from: number;
  to: number;
  site?: string;
}

/**
 * Reads and sends a file. `onProgress` receives the number of accepted events and the share of the file that was read.
 */
export async function importFile(
  target: Target,
  options: ImportOptions,
  onProgress: (events: number, share: number) => void = () => {},
): Promise<Imported> {
  const site = options.format === "log" ? await siteOf(options) : undefined;
  const open = openFile(options.file);
  const reading = new Reading();
  const done: Imported = {
    lines: 0,
    accepted: 0,
    left: reading.left,
    dropped: new Map(),
    rejected: new Map(),
    faults: reading.faults,
    from: Number.POSITIVE_INFINITY,
    to: Number.NEGATIVE_INFINITY,
    site,
  };
  const rows =
    options.format === "log"
      ? readLog(open, site ?? "", reading)
      : (options.format === "csv" ? readCsv : readNdjson)(open, options, reading);
  let sent = 0;
  await sendAll(target, batchesOf(noteTimes(rows, done)), (answer, batch) => {
    sent += batch.events.length;
    done.accepted += answer.accepted;
    for (const [reason, events] of Object.entries(answer.dropped ?? {})) {
      add(done.dropped, reason, events);
      done.accepted -= events;
    }
    for (const { index, code, message } of answer.rejected) {
      add(done.rejected, code, 1);
      if (done.faults.length < 10) done.faults.push(`line ${batch.lines[index]}: ${message}`);
    }
    onProgress(sent, open.share());
  });
  done.lines = reading.lines;
  return done;
}

async function siteOf({ file, site }: ImportOptions): Promise<string> {
  const found = site ?? (await guessSite(file));
  const origin = URL.parse(found ?? "")?.origin;
  if (origin?.startsWith("http")) return origin;
  throw new UsageError(
    found
      ? `--site must be an origin such as https://example.com, not "${found}".`
      : "The site could not be guessed from the log: set its origin with --site https://example.com.",
  );
}

async function* noteTimes(rows: AsyncIterable<ImportRow>, done: Imported): AsyncIterable<ImportRow> {
  for await (const row of rows) {
    const at = Number(row.event.timestamp);
    done.from = Math.min(done.from, at);
    done.to = Math.max(done.to, at);
    yield row;
  }
}

function add(counts: Map<string, number>, key: string, by: number): void {
  counts.set(key, (counts.get(key) ?? 0) + by);
}
