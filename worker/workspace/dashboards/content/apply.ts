/**
 * Applies files in one transaction.
 * @module
 */
import type { BatchItem } from "drizzle-orm/batch";
import { drizzle } from "drizzle-orm/d1";
import { ulid } from "ulid";
import type { ContentChange, ContentRequest } from "../../../../schema/wire/content";
import { isGuardFailure } from "../../../lib/guard";
import { type Refusal, refuseAt } from "../../../lib/refusal";
import { mentionedIn } from "../../../questions/metrics";
import {
  deleteDashboard,
  insertDashboard,
  MAX_DASHBOARDS,
  type StoredDashboard,
  updateDashboard,
} from "../dashboard-store";
import type { ProjectAuthor } from "../dashboards";
import {
  deleteMetric,
  insertMetric,
  MAX_METRICS,
  type StoredMetric,
  setUnit,
  updateMetric,
} from "../metric-store";
import { usedMetrics } from "../questions";
import { areUnchanged } from "../versions-store";
import { type ContentPlan, planContent } from "./plan";

/** A metric or dashboard that was changed. */
export interface Touched extends Pick<ContentChange, "kind" | "change"> {
  id: string;
  name: string;
  /** Undefined when it was deleted. */
  version: number | undefined;
}

/** Applies files. With faults nothing is changed. */
export async function applyContent(
  control: D1Database,
  author: ProjectAuthor,
  request: ContentRequest,
  now: number,
): Promise<(ContentPlan & { touched: Touched[] }) | Refusal> {
  const plan = await planContent(control, author, request);
  if (plan.faults.length || !plan.changes.length) return { ...plan, touched: [] };
  const { metrics, dashboards } = plan.stored;
  if (countAfter(plan, "metric", metrics.size) > MAX_METRICS) {
    return refuseAt("too_many_metrics", "files", `An organization can have at most ${MAX_METRICS} metrics`);
  }
  if (countAfter(plan, "dashboard", dashboards.size) > MAX_DASHBOARDS) {
    return refuseAt(
      "too_many_dashboards",
      "files",
      `A project can have at most ${MAX_DASHBOARDS} dashboards`,
    );
  }
  const guard = areUnchanged(control, author, [...metrics.values()], [...dashboards.values()]);
  const steps = plan.changes.map((change) => stepOf(control, author, plan, change, now));
  try {
    await drizzle(control).batch([
      guard,
      ...steps.map(({ statement }) => statement),
      ...unitsOf(control, plan),
    ]);
  } catch (error) {
    if (!isConflict(error)) throw error;
    return refuseAt(
      "content_conflict",
      "files",
      "The content was changed at the same time: compare the files again",
    );
  }
  return { ...plan, touched: steps.map(({ touched }) => touched) };
}

/** Whether the content changed at the same time: the guard failed, or a name was taken. */
const isConflict = (error: unknown) => isGuardFailure(error) || /UNIQUE constraint/.test(String(error));

function countAfter({ changes }: ContentPlan, kind: ContentChange["kind"], before: number): number {
  const of = (change: ContentChange["change"]) =>
    changes.filter((one) => one.kind === kind && one.change === change).length;
  return before + of("created") - of("deleted");
}

/** Returns the statement of a change. */
function stepOf(
  control: D1Database,
  author: ProjectAuthor,
  plan: ContentPlan,
  { kind, id, change }: ContentChange,
  now: number,
): { statement: BatchItem<"sqlite">; touched: Touched } {
  const stored = kind === "metric" ? plan.stored.metrics.get(id) : plan.stored.dashboards.get(id);
  if (stored && change === "deleted") {
    const statement =
      kind === "metric" ? deleteMetric(control, stored.id) : deleteDashboard(control, stored.id);
    return { statement, touched: { kind, change, id: stored.id, name: stored.name, version: undefined } };
  }
  if (kind === "metric") {
    const metric = metricAfter(plan, id, author, now);
    const statement = stored ? updateMetric(control, metric) : insertMetric(control, metric);
    return { statement, touched: { kind, change, id: metric.id, name: id, version: metric.version } };
  }
  const dashboard = dashboardAfter(plan, id, author, now);
  const statement = stored ? updateDashboard(control, dashboard) : insertDashboard(control, dashboard);
  const { name, version } = dashboard;
  return { statement, touched: { kind, change, id: dashboard.id, name, version } };
}

/** Updates the units of metrics whose unit changes although their definition does not. */
function unitsOf(control: D1Database, { stored, units }: ContentPlan): BatchItem<"sqlite">[] {
  return [...stored.metrics.values()].flatMap((metric) => {
    const unit = units.get(metric.name);
    return unit && unit !== metric.unit ? [setUnit(control, { id: metric.id, unit })] : [];
  });
}

function metricAfter(plan: ContentPlan, name: string, author: ProjectAuthor, now: number): StoredMetric {
  const { kind: _, ...definition } = plan.wanted.metrics.get(name)!;
  const stored = plan.stored.metrics.get(name);
  const isSameRule = JSON.stringify(stored?.rule) === JSON.stringify(definition.rule);
  const made = {
    id: `m${ulid(now).toLowerCase()}`,
    organization_id: author.organization,
    sharing: "organization" as const,
    created_by: author.user,
    created_at: now,
  };
  return {
    ...(stored ?? made),
    ...definition,
    format: definition.format,
    unit: plan.units.get(name) ?? "count",
    mentions: mentionedIn(definition.rule),
    verified: stored?.verified === true && isSameRule,
    version: (stored?.version ?? 0) + 1,
    updated_at: now,
  };
}

function dashboardAfter(
  plan: ContentPlan,
  slug: string,
  author: ProjectAuthor,
  now: number,
): StoredDashboard {
  const { kind: _, id: __, ...content } = plan.wanted.dashboards.get(slug)!;
  const stored = plan.stored.dashboards.get(slug);
  const made = {
    id: `d${ulid(now).toLowerCase()}`,
    project_id: author.project,
    slug,
    sharing: "organization" as const,
    created_by: author.user,
    created_at: now,
  };
  return {
    ...(stored ?? made),
    ...content,
    filters: content.filters,
    mentions: usedMetrics(content),
    version: (stored?.version ?? 0) + 1,
    updated_at: now,
  };
}
