/**
 * Changing and removing defined metrics: what rests on them must stay sound.
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

/** A change of a metric, and whether its maker may say what is the organisation's own. */
interface MetricChange {
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
