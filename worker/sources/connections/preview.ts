/**
 * Previews: the first rows of a source, with a proposed mapping.
 * @module
 */
import type { z } from "zod";
import type { Mapping, Preview, previewAskSchema, previewNewSchema } from "../../../schema/wire/mapping";
import { type Refusal, refuse, refuseAt } from "../../lib/refusal";
import { parseCsv } from "../drivers/csv/parse";
import { mapRecord, type Value } from "../drivers/generic/map-record";
import { propose } from "../drivers/generic/propose-mapping";
import { guarded } from "../drivers/generic/url-guard";
import { http } from "../drivers/http/driver";
import { pagesOf } from "../drivers/http/pages";
import { httpSettingsSchema } from "../drivers/http/settings";
import { VENDORS } from "../drivers/registry";
import { openClient } from "../vendor/client";
import { type Secrets, SourceError } from "../vendor/driver";
import { vendorRefusal } from "./authorize";
import { type ClientOverrides, ringOf, type SourceBindings } from "./bindings";
import type { StoredSource } from "./store";
import { deliveredRows } from "./uploads";
import { isRefused, settingsOf, vendorKeysOf } from "./validate-input";

/** Rows that a preview returns, and rows that the proposal is based on. */
const SHOWN = 20;
const SAMPLED = 200;

type Fields = Record<string, unknown>;

type PreviewRequest = z.output<typeof previewAskSchema>;
type Settings = Parameters<typeof openClient>[0]["settings"];

/** Previews a source that is not saved: rows as received and as mapped by the given, else the proposed mapping. */
export async function preview(
  bindings: SourceBindings,
  request: z.output<typeof previewNewSchema>,
  overrides: ClientOverrides = {},
): Promise<Preview | Refusal> {
  const { driver } = VENDORS[request.driver];
  const settings = settingsOf(bindings, driver, request.settings);
  if (isRefused(settings)) return settings;
  const secrets = request.driver === "http" ? vendorKeysOf(driver, request.keys) : {};
  if (isRefused(secrets)) return secrets;
  return previewRows(bindings, { driver: request.driver, settings, secrets }, request, overrides);
}

/** Previews a saved source with its stored keys. */
export async function previewSource(
  bindings: SourceBindings,
  { id, driver, settings, sealed }: StoredSource,
  request: PreviewRequest,
  overrides: ClientOverrides = {},
): Promise<Preview | Refusal> {
  if (driver !== "http" && driver !== "csv" && driver !== "webhook")
    return refuse("records_already_mapped", "The records of this vendor need no mapping");
  const secrets: Secrets =
    driver === "http" && sealed ? JSON.parse(await ringOf(bindings).open(sealed, id)) : {};
  return previewRows(bindings, { driver, settings, secrets }, request, overrides);
}

async function previewRows(
  bindings: SourceBindings,
  { driver, settings, secrets }: { driver: "http" | "csv" | "webhook"; settings: Settings; secrets: Secrets },
  { sample, mapping }: PreviewRequest,
  overrides: ClientOverrides,
): Promise<Preview | Refusal> {
  const rows =
    driver === "http"
      ? await firstPage(bindings, settings, secrets, overrides)
      : rowsOfSample(driver, sample, String(settings.records_path ?? ""));
  if (!Array.isArray(rows)) return rows;
  const first = rows.slice(0, SAMPLED);
  const proposed = propose(first, mapping?.dataset ?? "records");
  return { ...mappedRows(first, mapping ?? proposed), rows: first.slice(0, SHOWN).map(jsonOf), proposed };
}

function rowsOfSample(driver: "csv" | "webhook", sample: string, path: string): Fields[] | Refusal {
  if (driver === "webhook")
    return (
      deliveredRows(sample, path) ??
      refuseAt("sample_invalid", "sample", "The sample must be JSON with records at `records_path`")
    );
  // A sample may be cut in the middle of a line.
  const rows = parseCsv(sample);
  return Array.isArray(rows) ? rows : refuseAt("csv_invalid", "sample", `Line ${rows.line}: ${rows.message}`);
}

async function firstPage(
  bindings: SourceBindings,
  settings: Settings,
  secrets: Secrets,
  { fetch: send, ...overrides }: ClientOverrides,
): Promise<Fields[] | Refusal> {
  const { context } = openClient({
    driver: http.tailored?.(settings) ?? http,
    settings,
    secrets,
    limiter: () => UNLIMITED,
    attempts: 1,
    fetch: guarded({ allowLoopback: bindings.SOURCE_LOOPBACK === "true" }, send),
    ...overrides,
  });
  try {
    for await (const page of pagesOf(httpSettingsSchema.parse(settings), context, null)) return page;
    return [];
  } catch (error) {
    if (error instanceof SourceError) return vendorRefusal(error);
    throw error;
  }
}

/** A preview makes one request while a person waits, so only the API's own limits apply. */
const UNLIMITED = {
  take: async () => ({ wait_until: null, breaker: false }),
  report: async () => {},
};

function mappedRows(rows: Fields[], mapping: Mapping | null): Pick<Preview, "mapped" | "problems"> {
  const found = mapping ? rows.map((row, i) => mapRecord(row, mapping, i + 1)) : [];
  const isRow = (row: (typeof found)[number]): row is Record<string, Value> => !Array.isArray(row);
  return {
    mapped: found.filter(isRow).slice(0, SHOWN),
    problems: found.flatMap((row) => (Array.isArray(row) ? row : [])).slice(0, SHOWN),
  };
}

/** Rows are JSON already; this gives them the type. */
const jsonOf = (row: Fields): Preview["rows"][number] => JSON.parse(JSON.stringify(row));
