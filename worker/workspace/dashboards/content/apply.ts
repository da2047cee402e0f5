/**
 * Applies files in one transaction.
 * @module
 */
import { ulid } from "ulid";
import type { ContentChange, ContentRequest } from "../../../../schema/wire/content";
import { isGuardFailure } from "../../../lib/guard";
import { type Refusal, refuseAt } from "../../../lib/refusal";
import { mentionedIn } from "../../../questions/metrics";
import {
  deleteDashboard,
  insertDashboard,
  type KeptDashboard,
  MAX_DASHBOARDS,
  updateDashboard,
} from "../dashboard-store";
import type { ProjectMaker } from "../dashboards";
import {
  deleteMetric,
  insertMetric,
  type KeptMetric,
  MAX_METRICS,
  setUnit,
  updateMetric,
} from "../metric-store";
import { askedIn } from "../questions";
import { versionsHold } from "../versions-store";
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
  maker: ProjectMaker,
  request: ContentRequest,
  now: number,
): Promise<(ContentPlan & { touched: Touched[] }) | Refusal> {
  const plan = await planContent(control, maker, request);
  if (plan.faults.length || !plan.changes.length) return { ...plan, touched: [] };
  const { metrics, dashboards } = plan.kept;
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
  const guard = versionsHold(control, maker, [...metrics.values()], [...dashboards.values()]);
  const steps = plan.changes.map((change) => stepOf(control, maker, plan, change, now));
  try {
    await control.batch([guard, ...steps.map(({ statement }) => statement), ...unitsOf(control, plan)]);
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
  maker: ProjectMaker,
  plan: ContentPlan,
  { kind, id, change }: ContentChange,
  now: number,
): { statement: D1PreparedStatement; touched: Touched } {
  const kept = kind === "metric" ? plan.kept.metrics.get(id) : plan.kept.dashboards.get(id);
  if (kept && change === "deleted") {
    const statement = kind === "metric" ? deleteMetric(control, kept.id) : deleteDashboard(control, kept.id);
    return { statement, touched: { kind, change, id: kept.id, name: kept.name, version: undefined } };
  }
  if (kind === "metric") {
    const metric = metricAfter(plan, id, maker, now);
    const statement = kept ? updateMetric(control, metric) : insertMetric(control, metric);
    return { statement, touched: { kind, change, id: metric.id, name: id, version: metric.version } };
  }
  const dashboard = dashboardAfter(plan, id, maker, now);
  const statement = kept ? updateDashboard(control, dashboard) : insertDashboard(control, dashboard);
  const { name, version } = dashboard;
  return { statement, touched: { kind, change, id: dashboard.id, name, version } };
}

/** Updates units that change although the metrics do not. */
function unitsOf(control: D1Database, { kept, units }: ContentPlan): D1PreparedStatement[] {
  return [...kept.metrics.values()].flatMap((metric) => {
    const unit = units.get(metric.name);
    return unit && unit !== metric.unit ? [setUnit(control, { id: metric.id, unit })] : [];
  });
}

function metricAfter(plan: ContentPlan, name: string, maker: ProjectMaker, now: number): KeptMetric {
  const { kind: _, ...definition } = plan.wanted.metrics.get(name)!;
  const kept = plan.kept.metrics.get(name);
  const isSameRule = JSON.stringify(kept?.rule) === JSON.stringify(definition.rule);
  const made = {
    id: `m${ulid(now).toLowerCase()}`,
    organization_id: maker.organization,
    sharing: "organization" as const,
    created_by: maker.user,
    created_at: now,
  };
  return {
    ...(kept ?? made),
    ...definition,
    format: definition.format,
    unit: plan.units.get(name) ?? "count",
    mentions: mentionedIn(definition.rule),
    verified: kept?.verified === true && isSameRule,
    version: (kept?.version ?? 0) + 1,
    updated_at: now,
  };
}

function dashboardAfter(plan: ContentPlan, slug: string, maker: ProjectMaker, now: number): KeptDashboard {
  const { kind: _, id: __, ...content } = plan.wanted.dashboards.get(slug)!;
  const kept = plan.kept.dashboards.get(slug);
  const made = {
    id: `d${ulid(now).toLowerCase()}`,
    project_id: maker.project,
    slug,
    sharing: "organization" as const,
    created_by: maker.user,
    created_at: now,
  };
  return {
    ...(kept ?? made),
    ...content,
    filters: content.filters,
    mentions: askedIn(content),
    version: (kept?.version ?? 0) + 1,
    updated_at: now,
  };
}
