/**
 * Creates dashboards from a template or another dashboard.
 * @module
 */

import { drizzle } from "drizzle-orm/d1";
import type { z } from "zod";
import type { DashboardContent, dashboardNewSchema } from "../../../schema/wire/dashboard";
import type { MetricDefinition, Sharing } from "../../../schema/wire/metric";
import { nearest } from "../../../schema/wire/nearest";
import { isRefusal, type Refusal, refuseAt } from "../../lib/refusal";
import { mentionedIn } from "../../questions/metrics";
import type { StoredDashboard } from "./dashboard-store";
import { createDashboard, type ProjectAuthor } from "./dashboards";
import { insertMetric, listMetrics, type StoredMetric } from "./metric-store";
import { prepareMetric } from "./metrics";
import { DASHBOARD_TEMPLATES } from "./templates";

type TemplateWanted = Extract<z.output<typeof dashboardNewSchema>, { template: string }>;

/** Creates a dashboard from a template. */
export async function createFromTemplate(
  control: D1Database,
  author: ProjectAuthor,
  { template: id, name, sharing }: TemplateWanted,
  now: number,
): Promise<StoredDashboard | Refusal> {
  const template = DASHBOARD_TEMPLATES.find((one) => one.id === id);
  if (!template) {
    const ids = DASHBOARD_TEMPLATES.map((one) => one.id);
    return refuseAt(
      "unknown_name",
      "template",
      `There is no template \`${id}\`; did you mean \`${nearest(id, ids)}\`?`,
    );
  }
  return createWithMetrics(control, author, template, { name, sharing }, now);
}

/**
 * Creates a dashboard and the defined metrics that it needs. Metrics whose names the organization does not have yet are
 * created first, and shared with the organization even when the dashboard is private.
 */
export async function createWithMetrics(
  control: D1Database,
  author: ProjectAuthor,
  { metrics, content }: { metrics: readonly MetricDefinition[]; content: DashboardContent },
  { name = content.name, sharing }: { name?: string | undefined; sharing: Sharing },
  now: number,
): Promise<StoredDashboard | Refusal> {
  const there = await listMetrics(control, { organization: author.organization, user: null });
  const made: StoredMetric[] = [];
  for (const definition of inOrder(metrics)) {
    if (there.some((metric) => metric.name === definition.name)) continue;
    const metric = prepareMetric(
      [...there, ...made],
      author,
      { ...definition, sharing: "organization" },
      now,
    );
    if (isRefusal(metric)) return metric;
    made.push(metric);
  }
  const [first, ...others] = made.map((metric) => insertMetric(control, metric));
  if (first) await drizzle(control).batch([first, ...others]);
  const { description, range, compare, filters, widgets } = content;
  const wanted = { name, description, range, compare, filters, widgets, sharing };
  return createDashboard(control, author, wanted, now);
}

/** Orders metrics after those that they use; a cycle keeps its order. */
function inOrder(metrics: readonly MetricDefinition[]): MetricDefinition[] {
  const left = new Map(metrics.map((metric) => [metric.name, metric]));
  const ordered: MetricDefinition[] = [];
  const take = (metric: MetricDefinition) => {
    if (!left.delete(metric.name)) return;
    for (const name of mentionedIn(metric.rule)) {
      const below = left.get(name);
      if (below) take(below);
    }
    ordered.push(metric);
  };
  for (const metric of metrics) take(metric);
  return ordered;
}

/** Creates a copy, with the sharing of the original. */
export async function copyDashboard(
  control: D1Database,
  author: ProjectAuthor,
  { name, description, range, compare, filters, widgets, sharing }: StoredDashboard,
  now: number,
): Promise<StoredDashboard | Refusal> {
  const copy = `${name.slice(0, 113)} (copy)`;
  return createDashboard(
    control,
    author,
    { name: copy, description, range, compare, filters, widgets, sharing },
    now,
  );
}
