/**
 * `npm run rates -- FILE|URL`: imports euro reference rates, in the format of the ECB's `eurofxref-hist.csv`, into a
 * deployment.
 * @module
 */
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { parse } from "csv-parse/sync";
import { stateFolder } from "../demo-file.ts";
import { command } from "./command.ts";
import { UsageError } from "./target.ts";

const HELP = `npm run rates -- FILE|URL [--url U] [--token T]

  FILE|URL  the ECB's eurofxref-hist.csv, unzipped: a column Date and one a currency, units for one euro
  --url     the deployment, default the local one
  --token   its secret OPERATOR_TOKEN, default that of the state folder

demo/cli/rates-sample.csv is a made-up sample, which the demo starts with.`;

/** Path of the sample file. */
export const SAMPLE = path.join(import.meta.dirname, "rates-sample.csv");
/** Rates per request. */
const AT_ONCE = 5000;

interface Rate {
  day: string;
  currency: string;
  per_euro: number;
}

/** The rates of a file. Days without a rate of a currency have `N/A`. @throws UsageError for other formats */
export function parseRates(csv: string): Rate[] {
  const rows: Record<string, string>[] = parse(csv, { columns: true, comment: "#", trim: true, bom: true });
  const rates = rows.flatMap(({ Date: day = "", ...own }) =>
    Object.entries(own).flatMap(([currency, text]) => {
      const per_euro = Number(text);
      const isRate = /^[A-Z]{3}$/.test(currency) && text !== "" && per_euro > 0;
      return isRate && /^\d{4}-\d{2}-\d{2}$/.test(day) ? [{ day, currency, per_euro }] : [];
    }),
  );
  if (rates.length === 0) throw new UsageError("The file contains no rates: is it eurofxref-hist.csv?");
  return rates;
}

/** Sends rates. Returns the number of new and changed ones. */
export async function sendRates(url: string, token: string, rates: readonly Rate[]): Promise<number> {
  let changed = 0;
  for (let start = 0; start < rates.length; start += AT_ONCE) {
    const response = await fetch(`${url}/api/v1/rates`, {
      method: "PUT",
      headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
      body: JSON.stringify({ rates: rates.slice(start, start + AT_ONCE) }),
    });
    if (!response.ok) throw new UsageError(`${url} refused (${response.status}): ${await response.text()}`);
    changed += ((await response.json()) as { changed: number }).changed;
  }
  return changed;
}

/** The operator's token of a local deployment. @throws UsageError when there is none */
export function localToken(state: string): string {
  const file = path.join(state, "secrets.json");
  const secrets: Record<string, string> = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
  if (secrets.OPERATOR_TOKEN) return secrets.OPERATOR_TOKEN;
  throw new UsageError(`There is no OPERATOR_TOKEN in ${file}. Run "npm start" once, or use --token.`);
}

async function read(where: string): Promise<string> {
  if (!/^https?:/.test(where)) return readFileSync(where, "utf8");
  const response = await fetch(where);
  if (!response.ok) throw new UsageError(`${where} returned ${response.status}.`);
  return response.text();
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: {
      url: { type: "string", default: `http://127.0.0.1:${process.env.PORT ?? 8787}` },
      token: { type: "string" },
      help: { type: "boolean", short: "h" },
    },
    allowPositionals: true,
  });
  const [where] = positionals;
  if (values.help || !where) return console.log(HELP);
  const rates = parseRates(await read(where));
  const changed = await sendRates(values.url, values.token ?? localToken(stateFolder()), rates);
  console.log(`${rates.length} rates read, ${changed} of them new or changed.`);
}

await command(import.meta.url, main);
