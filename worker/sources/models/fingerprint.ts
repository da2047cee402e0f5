/**
 * The fingerprint of a partition: everything it is built from besides records (version of the models, currency, rates, the
 * source's mapping). A partition whose fingerprint has changed is built again, so that a change of any of them needs no
 * command.
 */
import type { Mapping } from "../../../schema/wire/mapping";
import { DAY_MS } from "../../lib/time";
import { stampRates } from "./rates-store";
import type { ModelSource } from "./store";

/** Increase it when a model produces different rows from the same records. */
const VERSION = 1;
/**
 * For partitions without months, older rates are not part of the fingerprint: a correction of them applies with the next
 * change.
 */
const STAMPED_DAYS = 400;

/** Returns the current fingerprint of partitions; `months` are the requested ones. */
export async function loadFingerprints(
  control: D1Database,
  sources: readonly ModelSource[],
  currency: string,
  months: Iterable<string>,
  now: number,
): Promise<(source: ModelSource, month: string) => string> {
  const requested = [...new Set(months)].filter((month) => month !== "");
  const used = [
    currency,
    "USD",
    ...sources.flatMap(({ accounts }) => accounts.flatMap((account) => account.currency ?? [])),
  ];
  const ranges = [
    { from: dayOf(now - STAMPED_DAYS * DAY_MS), to: dayOf(now + DAY_MS) },
    // The first days of a month may use a rate of the month before.
    ...requested.map((month) => ({
      from: dayOf(Date.parse(`${month}-01`) - 10 * DAY_MS),
      to: `${month}-31`,
    })),
  ];
  const stamps = await stampRates(control, used, ranges);
  const byMonth = new Map(["", ...requested].map((month, i) => [month, stamps[i] ?? ""]));
  return ({ mapping }, month) =>
    mapping ? tableFingerprint(mapping) : `${VERSION} ${currency} ${byMonth.get(month) ?? ""}`;
}

/** Rows of declared tables are not converted. */
const tableFingerprint = ({ dataset, time_field }: Mapping): string =>
  `${VERSION} ${dataset} ${time_field ?? ""}`;

const dayOf = (time: number): string => new Date(time).toISOString().slice(0, 10);
