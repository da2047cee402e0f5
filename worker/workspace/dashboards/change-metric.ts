/**
 * Changes and deletes defined metrics. Everything that uses them must stay valid.
 * @module
 */
import { drizzle } from "drizzle-orm/d1";
import type { z } from "zod";
import type { MetricUse, metricUpdateSchema } from "../../../schema/wire/metric";
import { type Refusal, refuseAt } from "../../lib/refusal";
import { mentionedIn } from "../../questions/metrics";
import { checkRule } from "./check";
import type { Author } from "./known";
import { deleteMetric, listMetrics, type StoredMetric, setUnit, updateMetric, usesOf } from "./metric-store";
import { knownAmong, refuseAll, refuseTaken } from "./metrics";
import { refuseVersion } from "./refusal";

/** A change of a metric, and whether its author may verify metrics. */
interface MetricChange {
  change: z.output<typeof metricUpdateSchema>;
  mayVerify: boolean;
}

/** Changes a metric. Returns null when the user cannot see a metric with this id. */
export async function changeMetric(
  control: D1Database,
  author: Author,
  id: string,
  { change: { version, ...change }, mayVerify }: MetricChange,
  now: number,
): Promise<StoredMetric | Refusal | null> {
  const all = await listMetrics(control, author);
  const stored = all.find((metric) => metric.id === id);
  if (!stored) return null;
  if (stored.version !== version) return refuseVersion("metric", stored.version);
  const isSameRule = !change.rule || JSON.stringify(change.rule) === JSON.stringify(stored.rule);
  const wanted: StoredMetric = {
    ...stored,
    ...change,
    verified: change.verified ?? (stored.verified && isSameRule),
  };
  const refusal =
    refuseUnauthorized(stored, wanted, { author, mayVerify }) ??
    (await refuseUsed(control, author, stored, wanted));
  if (refusal) return refusal;
  const others = all.filter((metric) => metric !== stored);
  if (others.some(({ name }) => name === wanted.name)) return refuseTaken(wanted.name);
  const checked = checkRule(wanted.name, wanted.rule, knownAmong(others, wanted));
  if (Array.isArray(checked)) return refuseAll(checked);
  const changed: StoredMetric = {
    ...wanted,
    unit: checked.unit,
    mentions: mentionedIn(wanted.rule),
    version: version + 1,
    updated_at: now,
  };
  const dependents = recheck(changed, others);
  if ("code" in dependents) return dependents;
  const [updated] = await drizzle(control).batch([
    updateMetric(control, changed),
    ...dependents.units.map((one) => setUnit(control, one)),
  ]);
  return updated.meta.changes ? changed : refuseVersion("metric", version + 1);
}

/** Rejects what needs more permissions: verifying a metric, and making a shared one private. */
function refuseUnauthorized(
  stored: StoredMetric,
  wanted: StoredMetric,
  { author, mayVerify }: { author: Author; mayVerify: boolean },
): Refusal | null {
  if (wanted.verified && !stored.verified && !mayVerify) {
    return refuseAt("insufficient_role", "verified", "Verifying a metric requires the role admin");
  }
  if (wanted.sharing === "private" && stored.sharing !== "private" && stored.created_by !== author.user) {
    return refuseAt("author_required", "sharing", "Only the author of the metric can make it private");
  }
  return null;
}

/** Rejects renaming or hiding a metric that is in use. */
async function refuseUsed(
  control: D1Database,
  author: Author,
  stored: StoredMetric,
  wanted: StoredMetric,
): Promise<Refusal | null> {
  const isHidden = wanted.sharing === "private" && stored.sharing !== "private";
  if (wanted.name === stored.name && !isHidden) return null;
  const uses = await usesOf(control, author, stored.name);
  return uses.length ? refuseUses(wanted.name === stored.name ? "sharing" : "name", uses) : null;
}

/** Rejects a change that would invalidate these uses. */
function refuseUses(path: string, uses: readonly MetricUse[]): Refusal {
  const errors = uses.map(({ kind, id, name }) => ({
    path,
    code: "metric_in_use",
    message: `the ${kind} ${name} (${id})`,
  }));
  return {
    code: "metric_in_use",
    detail: `The metric is used by ${errors.map(({ message }) => message).join(", ")}`,
    errors,
  };
}

/** Returns the metrics whose unit changes with the changed one, or a refusal when one of them becomes invalid. */
function recheck(
  changed: StoredMetric,
  others: readonly StoredMetric[],
): { units: StoredMetric[] } | Refusal {
  const touched = new Set([changed.name]);
  const all = [...others, changed];
  const units: StoredMetric[] = [];
  for (let size = 0; size !== touched.size; ) {
    size = touched.size;
    for (const { name, mentions } of others) if (mentions.some((one) => touched.has(one))) touched.add(name);
  }
  for (const one of others.filter(({ name }) => touched.has(name))) {
    const checked = checkRule(one.name, one.rule, knownAmong(all, one));
    if (Array.isArray(checked)) {
      const why = checked[0]?.message ?? "";
      return refuseAt(
        "metric_breaks_others",
        "rule",
        `The metric \`${one.name}\` would become invalid: ${why}`,
      );
    }
    if (checked.unit !== one.unit) units.push({ ...one, unit: checked.unit });
  }
  return { units };
}

/** Deletes a metric that is not in use. Returns null when the user cannot see a metric with this id. */
export async function removeMetric(
  control: D1Database,
  author: Author,
  id: string,
): Promise<StoredMetric | Refusal | null> {
  const stored = (await listMetrics(control, author)).find((metric) => metric.id === id);
  if (!stored) return null;
  const uses = await usesOf(control, author, stored.name);
  if (uses.length) return refuseUses("metric", uses);
  await deleteMetric(control, id);
  return stored;
}
