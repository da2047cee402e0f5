/**
 * Changes and deletes defined metrics. Everything that uses them must stay valid.
 * @module
 */
import type { z } from "zod";
import type { MetricUse, metricUpdateSchema } from "../../../schema/wire/metric";
import { type Refusal, refuseAt } from "../../lib/refusal";
import { mentionedIn } from "../../questions/metrics";
import { checkRule } from "./check";
import type { Maker } from "./known";
import { deleteMetric, type KeptMetric, listMetrics, setUnit, updateMetric, usesOf } from "./metric-store";
import { knownAmong, refuseAll, refuseTaken } from "./metrics";
import { refuseVersion } from "./refusal";

/** A change of a metric, and whether its author may verify metrics. */
interface MetricChange {
  change: z.output<typeof metricUpdateSchema>;
  mayVerify: boolean;
}

/** Changes a metric. Returns null when the user sees none of this id. */
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
    refuseUnauthorized(kept, wanted, { maker, mayVerify }) ??
    (await refuseUsed(control, maker, kept, wanted));
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

/** Refuses what not everyone may do: verify a metric, and make a shared one private. */
function refuseUnauthorized(
  kept: KeptMetric,
  wanted: KeptMetric,
  { maker, mayVerify }: { maker: Maker; mayVerify: boolean },
): Refusal | null {
  if (wanted.verified && !kept.verified && !mayVerify) {
    return refuseAt("insufficient_role", "verified", "Verifying a metric requires the role admin");
  }
  if (wanted.sharing === "private" && kept.sharing !== "private" && kept.created_by !== maker.user) {
    return refuseAt("author_required", "sharing", "Only the author of the metric can make it private");
  }
  return null;
}

/** Refuses to rename or hide a metric that is in use. */
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

/** Refuses a change that would break these uses. */
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

/** Deletes a metric that is not in use. Returns null when the user sees none of this id. */
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
