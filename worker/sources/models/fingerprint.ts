/**
 * What a part is made with besides records: how it is made, the currency, the rates and the source's mapping. A part that was made with
 * something else is built again, so that a new rate, another currency, a table's new name or a new model needs no command.
 * @module
 */
import type { Mapping } from "../../../schema/wire/mapping";
import { DAY_MS } from "../../lib/time";
import { stampRates } from "./rates-store";
import type { ModelSource } from "./store";

/** Raise it when a model makes other rows of the same records. */
const VERSION = 1;
/** Older rates are not part of the fingerprint of partitions without months: a correction of those applies with the next change. */
const STAMPED_DAYS = 400;

/** Answers what parts are made with now. `months` are those that are asked about. */
export async function loadFingerprints(
  control: D1Database,
  sources: readonly ModelSource[],
  currency: string,
  months: Iterable<string>,
  now: number,
): Promise<(source: ModelSource, month: string) => string> {
  const asked = [...new Set(months)].filter((month) => month !== "");
  const used = [
    currency,
    "USD",
    ...sources.flatMap(({ accounts }) => accounts.flatMap((account) => account.currency ?? [])),
  ];
  const ranges = [
    { from: dayOf(now - STAMPED_DAYS * DAY_MS), to: dayOf(now + DAY_MS) },
    // The first days of a month may have their rate of the month before.
    ...asked.map((month) => ({ from: dayOf(Date.parse(`${month}-01`) - 10 * DAY_MS), to: `${month}-31` })),
  ];
  const stamps = await stampRates(control, used, ranges);
  const byMonth = new Map(["", ...asked].map((month, i) => [month, stamps[i] ?? ""]));
  return ({ mapping }, month) =>
    mapping ? tableFingerprint(mapping) : `${VERSION} ${currency} ${byMonth.get(month) ?? ""}`;
}

/** Rows of declared tables are converted into nothing. */
const tableFingerprint = ({ dataset, time_field }: Mapping): string =>
  `${VERSION} ${dataset} ${time_field ?? ""}`;

const dayOf = (time: number): string => new Date(time).toISOString().slice(0, 10);
