/**
 * Makes what is kept as the files have it: all of it in one transaction, or nothing.
 * @module
 */
import { ulid } from "ulid";
import type { ContentChange, ContentRequest } from "../../../../schema/wire/content";
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
import { type Plan, planContent } from "./plan";

/** What a change was done to. */
export interface Touched extends Pick<ContentChange, "kind" | "change"> {
  id: string;
  name: string;
  /** Undefined when it is gone. */
  version: number | undefined;
}

/** Applies the files. A plan with faults touches nothing. */
export async function applyContent(
  control: D1Database,
  maker: ProjectMaker,
  request: ContentRequest,
  now: number,
): Promise<(Plan & { touched: Touched[] }) | Refusal> {
  const plan = await planContent(control, maker, request);
  if (plan.faults.length || !plan.changes.length) return { ...plan, touched: [] };
  const { metrics, dashboards } = plan.kept;
  if (countAfter(plan, "metric", metrics.size) > MAX_METRICS) {
    return refuseAt("unprocessable", "files", `An organisation may have ${MAX_METRICS} metrics`);
  }
  if (countAfter(plan, "dashboard", dashboards.size) > MAX_DASHBOARDS) {
    return refuseAt("unprocessable", "files", `A project may have ${MAX_DASHBOARDS} dashboards`);
  }
  const guard = versionsHold(control, maker, [...metrics.values()], [...dashboards.values()]);
  const steps = plan.changes.map((change) => stepOf(control, maker, plan, change, now));
  try {
    await control.batch([guard, ...steps.map(({ statement }) => statement), ...unitsOf(control, plan)]);
  } catch (error) {
    if (!isOvertaken(error)) throw error;
    return refuseAt("conflict", "files", "Somebody changed something just now: compare again");
  }
  return { ...plan, touched: steps.map(({ touched }) => touched) };
}

/** The guard, or a name that was taken in this moment: both are somebody else's change. */
const isOvertaken = (error: unknown) => /malformed JSON|UNIQUE constraint/.test(String(error));

function countAfter({ changes }: Plan, kind: ContentChange["kind"], before: number): number {
  const of = (change: ContentChange["change"]) =>
    changes.filter((one) => one.kind === kind && one.change === change).length;
  return before + of("created") - of("deleted");
}

/** One change as a statement. */
function stepOf(
  control: D1Database,
  maker: ProjectMaker,
  plan: Plan,
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

/** Units that follow from what changed, also of metrics that did not. */
function unitsOf(control: D1Database, { kept, units }: Plan): D1PreparedStatement[] {
  return [...kept.metrics.values()].flatMap((metric) => {
    const unit = units.get(metric.name);
    return unit && unit !== metric.unit ? [setUnit(control, { id: metric.id, unit })] : [];
  });
}

function metricAfter(plan: Plan, name: string, maker: ProjectMaker, now: number): KeptMetric {
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

function dashboardAfter(plan: Plan, slug: string, maker: ProjectMaker, now: number): KeptDashboard {
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
