/**
 * Creates defined metrics.
 * @module
 */
import { ulid } from "ulid";
import type { z } from "zod";
import type { Metric, MetricDefinition, MetricRule, metricCreateSchema } from "../../../schema/wire/metric";
import { type Refusal, refuseAt } from "../../lib/refusal";
import { type About, mentionedIn } from "../../questions/metrics";
import { checkRule, type Known } from "./check";
import type { Author } from "./known";
import { insertMetric, listMetrics, MAX_METRICS, type StoredMetric } from "./metric-store";
import { type Fault, isFaulty, refuseFaults } from "./refusal";

/** A metric to create. */
type MetricWanted = z.output<typeof metricCreateSchema>;

/** Returns a metric as the API returns it. */
export function shownMetric({ mentions: _, ...metric }: StoredMetric): Metric {
  return metric;
}

/** Defines a metric. */
export async function createMetric(
  control: D1Database,
  author: Author,
  wanted: MetricWanted,
  now: number,
): Promise<StoredMetric | Refusal> {
  const all = await listMetrics(control, author);
  if (all.length >= MAX_METRICS) {
    return refuseAt(
      "too_many_metrics",
      "",
      `An organization can have at most ${MAX_METRICS} metrics: delete one first`,
    );
  }
  const made = prepareMetric(all, author, wanted, now);
  if ("code" in made) return made;
  const { meta } = await insertMetric(control, made);
  return meta.changes > 0 ? made : refuseTaken(wanted.name);
}

/** Returns a new metric, checked against `all`, without storing it. */
export function prepareMetric(
  all: readonly StoredMetric[],
  author: Author,
  wanted: MetricWanted,
  now: number,
): StoredMetric | Refusal {
  if (all.some(({ name }) => name === wanted.name)) return refuseTaken(wanted.name);
  const checked = checkRule(wanted.name, wanted.rule, knownAmong(all, wanted));
  if (Array.isArray(checked)) return refuseAll(checked);
  return {
    ...wanted,
    id: `m${ulid(now).toLowerCase()}`,
    organization_id: author.organization,
    unit: checked.unit,
    mentions: mentionedIn(wanted.rule),
    verified: false,
    created_by: author.user,
    version: 1,
    created_at: now,
    updated_at: now,
  };
}

/** Rejects a name that another metric has. */
export function refuseTaken(name: string): Refusal {
  return refuseAt("metric_name_taken", "name", `A metric named \`${name}\` exists already`);
}

/** Rejects with all faults; there is at least one. */
export function refuseAll(faults: readonly Fault[]): Refusal {
  if (!isFaulty(faults)) throw new Error("dashboards: a refusal needs a fault");
  return refuseFaults(faults);
}

/** The metrics that a metric may use: a shared metric only shared ones. */
export function knownAmong(all: readonly StoredMetric[], { sharing }: Pick<Metric, "sharing">): Known {
  const [open, hidden] = [new Map<string, MetricRule>(), new Set<string>()];
  for (const one of all.toSorted((a, b) => b.sharing.localeCompare(a.sharing))) {
    if (one.sharing === "organization" || sharing === "private") open.set(one.name, one.rule);
    else hidden.add(one.name);
  }
  return { rules: Object.fromEntries(open), hidden: hidden.difference(new Set(open.keys())) };
}

/** Checks a definition without storing it. Returns the computed rule, or its faults. */
export async function checkMetric(
  control: D1Database,
  author: Author,
  { name, rule }: MetricDefinition,
): Promise<(About | { unit: null }) & { errors: Fault[] }> {
  const all = (await listMetrics(control, author)).filter((metric) => metric.name !== name);
  const checked = checkRule(name, rule, knownAmong(all, { sharing: "private" }));
  return Array.isArray(checked) ? { unit: null, errors: checked } : { ...checked, errors: [] };
}
