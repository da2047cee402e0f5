/**
 * Making and changing defined metrics.
 * @module
 */
import { ulid } from "ulid";
import type { z } from "zod";
import type {
  Metric,
  MetricDefinition,
  MetricRule,
  MetricUse,
  metricCreateSchema,
  metricUpdateSchema,
} from "../../schema/wire/metric";
import { type About, mentionedIn } from "../metrics";
import type { Refusal } from "../query";
import { checkRule, type Known } from "./check";
import type { Maker } from "./known";
import {
  deleteMetric,
  insertMetric,
  type KeptMetric,
  listMetrics,
  MAX_METRICS,
  setUnit,
  updateMetric,
  usesOf,
} from "./metric-store";
import { type Fault, isFaulty, refuseAt, refuseFaults, refuseVersion } from "./refusal";

/** What a metric is to be. */
export type MetricWanted = z.output<typeof metricCreateSchema>;

/** The metric as its readers see it. */
export function shownMetric({ mentions: _, ...metric }: KeptMetric): Metric {
  return metric;
}

/** Defines a metric. */
export async function createMetric(
  control: D1Database,
  maker: Maker,
  wanted: MetricWanted,
  now: number,
): Promise<KeptMetric | Refusal> {
  const all = await listMetrics(control, maker);
  if (all.length >= MAX_METRICS) {
    return refuseAt("unprocessable", "", `An organisation may have ${MAX_METRICS} metrics: delete one first`);
  }
  const made = prepareMetric(all, maker, wanted, now);
  if ("code" in made) return made;
  const { meta } = await insertMetric(control, made).run();
  return meta.changes > 0 ? made : refuseTaken(wanted.name);
}

/** A new metric that is sound beside `all`, not yet kept. */
export function prepareMetric(
  all: readonly KeptMetric[],
  maker: Maker,
  wanted: MetricWanted,
  now: number,
): KeptMetric | Refusal {
  if (all.some(({ name }) => name === wanted.name)) return refuseTaken(wanted.name);
  const checked = checkRule(wanted.name, wanted.rule, knownAmong(all, wanted));
  if (Array.isArray(checked)) return refuseAll(checked);
  return {
    ...wanted,
    id: `m${ulid(now).toLowerCase()}`,
    organization_id: maker.organization,
    unit: checked.unit,
    mentions: mentionedIn(wanted.rule),
    verified: false,
    created_by: maker.user,
    version: 1,
    created_at: now,
    updated_at: now,
  };
}

function refuseTaken(name: string): Refusal {
  return refuseAt("conflict", "name", `There is a metric ${name} already`);
}

function refuseAll(faults: readonly Fault[]): Refusal {
  if (!isFaulty(faults)) throw new Error("dashboards: refused without a fault");
  return refuseFaults(faults);
}

/** What a metric may mention: a shared one shared ones. */
function knownAmong(all: readonly KeptMetric[], { sharing }: Pick<Metric, "sharing">): Known {
  const [open, hidden] = [new Map<string, MetricRule>(), new Set<string>()];
  for (const one of all.toSorted((a, b) => b.sharing.localeCompare(a.sharing))) {
    if (one.sharing === "organization" || sharing === "private") open.set(one.name, one.rule);
    else hidden.add(one.name);
  }
  return { rules: Object.fromEntries(open), hidden: hidden.difference(new Set(open.keys())) };
}

/** A change of a metric, and whether its maker may say what is the organisation's own. */
export interface MetricChange {
  change: z.output<typeof metricUpdateSchema>;
  mayVerify: boolean;
}

/** Changes a metric that the maker sees; null when there is none. What rests on it must stay sound. */
export async function changeMetric(
  control: D1Database,
  maker: Maker,
  id: string,
  { change: { version, ...change }, mayVerify }: MetricChange,
  now: number,
): Promise<KeptMetric | Refusal | null> {
  const all = await listMetrics(control, maker);
  const kept = all.find((metric) => metric.id === id);
  if (!kept) return null;
  if (kept.version !== version) return refuseVersion("metric", kept.version);
  const isSameRule = !change.rule || JSON.stringify(change.rule) === JSON.stringify(kept.rule);
  const wanted: KeptMetric = {
    ...kept,
    ...change,
    verified: change.verified ?? (kept.verified && isSameRule),
  };
  const refusal =
    refuseUnlawful(kept, wanted, { maker, mayVerify }) ?? (await refuseUsed(control, maker, kept, wanted));
  if (refusal) return refusal;
  const others = all.filter((metric) => metric !== kept);
  if (others.some(({ name }) => name === wanted.name)) return refuseTaken(wanted.name);
  const checked = checkRule(wanted.name, wanted.rule, knownAmong(others, wanted));
  if (Array.isArray(checked)) return refuseAll(checked);
  const changed: KeptMetric = {
    ...wanted,
    unit: checked.unit,
    mentions: mentionedIn(wanted.rule),
    version: version + 1,
    updated_at: now,
  };
  const dependents = recheck(changed, others);
  if ("code" in dependents) return dependents;
  const [updated] = await control.batch([
    updateMetric(control, changed),
    ...dependents.units.map((one) => setUnit(control, one)),
  ]);
  return updated?.meta.changes ? changed : refuseVersion("metric", version + 1);
}

/** What is not for everyone: saying what is verified, and taking something away from the others. */
function refuseUnlawful(
  kept: KeptMetric,
  wanted: KeptMetric,
  { maker, mayVerify }: { maker: Maker; mayVerify: boolean },
): Refusal | null {
  if (wanted.verified && !kept.verified && !mayVerify) {
    return refuseAt("insufficient_role", "verified", "Verifying a metric takes the role admin");
  }
  if (wanted.sharing === "private" && kept.sharing !== "private" && kept.created_by !== maker.user) {
    return refuseAt("forbidden", "sharing", "Only the person who made the metric can make it private");
  }
  return null;
}

/** Another name, or hiding it, would break what mentions the metric. */
async function refuseUsed(
  control: D1Database,
  maker: Maker,
  kept: KeptMetric,
  wanted: KeptMetric,
): Promise<Refusal | null> {
  const isHidden = wanted.sharing === "private" && kept.sharing !== "private";
  if (wanted.name === kept.name && !isHidden) return null;
  const uses = await usesOf(control, maker, kept.name);
  return uses.length ? refuseUses(wanted.name === kept.name ? "sharing" : "name", uses) : null;
}

/** Refuses what would break these. */
function refuseUses(path: string, uses: readonly MetricUse[]): Refusal {
  const said = uses.map(({ kind, id, name }) => ({
    path,
    code: "used",
    message: `the ${kind} ${name} (${id})`,
  }));
  return {
    code: "conflict",
    detail: `It is used: ${said.map(({ message }) => message).join(", ")}`,
    errors: said,
  };
}

/** The units that metrics come to yield which rest on the changed one, or why one of them breaks. */
function recheck(changed: KeptMetric, others: readonly KeptMetric[]): { units: KeptMetric[] } | Refusal {
  const touched = new Set([changed.name]);
  const all = [...others, changed];
  const units: KeptMetric[] = [];
  for (let size = 0; size !== touched.size; ) {
    size = touched.size;
    for (const { name, mentions } of others) if (mentions.some((one) => touched.has(one))) touched.add(name);
  }
  for (const one of others.filter(({ name }) => touched.has(name))) {
    const checked = checkRule(one.name, one.rule, knownAmong(all, one));
    if (Array.isArray(checked)) {
      const why = checked[0]?.message ?? "";
      return refuseAt("unprocessable", "rule", `The metric ${one.name} would break: ${why}`);
    }
    if (checked.unit !== one.unit) units.push({ ...one, unit: checked.unit });
  }
  return { units };
}

/** Removes a metric that nothing visible mentions; null when the maker sees none. */
export async function removeMetric(
  control: D1Database,
  maker: Maker,
  id: string,
): Promise<KeptMetric | Refusal | null> {
  const kept = (await listMetrics(control, maker)).find((metric) => metric.id === id);
  if (!kept) return null;
  const uses = await usesOf(control, maker, kept.name);
  if (uses.length) return refuseUses("metric", uses);
  await deleteMetric(control, id).run();
  return kept;
}

/** What a definition yields where it would be kept, or what is wrong with it. */
export async function checkMetric(
  control: D1Database,
  maker: Maker,
  { name, rule }: MetricDefinition,
): Promise<(About | { unit: null }) & { errors: Fault[] }> {
  const all = (await listMetrics(control, maker)).filter((metric) => metric.name !== name);
  const checked = checkRule(name, rule, knownAmong(all, { sharing: "private" }));
  return Array.isArray(checked) ? { unit: null, errors: checked } : { ...checked, errors: [] };
}
