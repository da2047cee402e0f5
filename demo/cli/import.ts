/**
 * Imports past events: `npm run import -- access.log.gz --project P --token T`.
 * @module
 */
import { parseArgs } from "node:util";
import { command } from "./command.ts";
import { PAGE_EXTENSIONS, SKIP_REASONS } from "./import/rule.ts";
import { FORMATS, type Format, importFile } from "./import/run.ts";
import { summary } from "./import/summary.ts";
import { Progress } from "./progress.ts";
import { TARGET_OPTIONS, targetOf, UsageError } from "./target.ts";

const RULE = `A request of an access log is a page view unless one of these applies; the first reason is counted:
${Object.entries(SKIP_REASONS)
  .map(([reason, why]) => `  ${reason.padEnd(10)} ${why}`)
  .join("\n")}
Extensions of pages: none, ${PAGE_EXTENSIONS.join(", ")}.`;

const HELP = `npm run import -- FILE [--project P --token T] [--url U] [--format log|csv|ndjson]

FILE is an access log (common or combined format), CSV with a header row, or NDJSON; plain or gzip.
  --format  default by the file's name: .csv, .ndjson or .jsonl, else log
  --site    log: origin of the site, e.g. https://example.com; default guessed from the referrers of the site's own pages
  --map     csv, ndjson: fields by the file's columns, e.g. --map timestamp=Date --map page_url=URL
  --event   csv, ndjson: name of events without one, default page_view

${RULE}

CSV and NDJSON: event, event_id, timestamp, distinct_id, session_id, page_url, referrer, title, language, screen,
user_agent, ip, country, region, city and properties (JSON) are taken by these names, anything else becomes a
property. A timestamp is ISO 8601 (UTC where it names no zone), epoch seconds or epoch milliseconds.

Importing a file again changes nothing, and files that grew, were rotated, compressed, concatenated or overlap add only
what is new: a line makes the same id in each of them. Equal lines of one file are different events. Two files that
were cut between equal lines of the same second count the larger number of them. "accepted" includes lines that were
imported before.`;

function formatOf(given: string | undefined, file: string): Format {
  if (given) {
    const known = FORMATS.find((format) => format === given);
    if (known) return known;
    throw new UsageError(`--format must be one of ${FORMATS.join(", ")}, not "${given}".`);
  }
  const name = file.replace(/\.gz$/, "");
  if (name.endsWith(".csv")) return "csv";
  return /\.(ndjson|jsonl)$/.test(name) ? "ndjson" : "log";
}

function mapOf(pairs: string[]): Record<string, string> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const [, field, column] = /^([a-z_]+)=(.+)$/.exec(pair) ?? [];
      if (!field || !column)
        throw new UsageError(`--map must be field=name, such as timestamp=Date, not "${pair}".`);
      return [column, field];
    }),
  );
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      ...TARGET_OPTIONS,
      format: { type: "string" },
      site: { type: "string" },
      map: { type: "string", multiple: true },
      event: { type: "string" },
    },
  });
  const [file] = positionals;
  if (values.help) return console.log(HELP);
  if (!file || positionals.length > 1) throw new UsageError(HELP);
  const format = formatOf(values.format, file);
  const progress = new Progress("importing");
  const done = await importFile(
    targetOf(values),
    { file, format, site: values.site, map: mapOf(values.map ?? []), event: values.event ?? "page_view" },
    (events, share) => progress.update(events, share),
  );
  progress.end();
  console.log(summary(file, done));
  if (format === "log") console.log(`\n${RULE}`);
}

await command(import.meta.url, main);
