/**
 * New dashboards from what there is: a template, another dashboard.
 * @module
 */
import type { z } from "zod";
import type { dashboardNewSchema } from "../../schema/wire/dashboard";
import { nearest } from "../metrics";
import { isRefusal, type Refusal } from "../query";
import type { KeptDashboard } from "./dashboard-store";
import { createDashboard, type ProjectMaker } from "./dashboards";
import { insertMetric, type KeptMetric, listMetrics } from "./metric-store";
import { prepareMetric } from "./metrics";
import { refuseAt } from "./refusal";
import { DASHBOARD_TEMPLATES } from "./templates";

type TemplateWanted = Extract<z.output<typeof dashboardNewSchema>, { template: string }>;

/**
 * Makes a dashboard as a template has it, and the defined metrics that it asks for where the organisation has none of the
 * name. Metrics are shared with the organisation also when the dashboard is private: they are nobody's secret.
 */
export async function createFromTemplate(
  control: D1Database,
  maker: ProjectMaker,
  { template: id, name, sharing }: TemplateWanted,
  now: number,
): Promise<KeptDashboard | Refusal> {
  const template = DASHBOARD_TEMPLATES.find((one) => one.id === id);
  if (!template) {
    const ids = DASHBOARD_TEMPLATES.map((one) => one.id);
    return refuseAt(
      "unknown_name",
      "template",
      `There is no template ${id}; did you mean ${nearest(id, ids)}?`,
    );
  }
  const there = await listMetrics(control, { organization: maker.organization, user: null });
  const made: KeptMetric[] = [];
  for (const definition of template.metrics) {
    if (there.some((metric) => metric.name === definition.name)) continue;
    const metric = prepareMetric([...there, ...made], maker, { ...definition, sharing: "organization" }, now);
    if (isRefusal(metric)) return metric;
    made.push(metric);
  }
  if (made.length) await control.batch(made.map((metric) => insertMetric(control, metric)));
  return createDashboard(
    control,
    maker,
    { ...template.content, name: name ?? template.content.name, sharing },
    now,
  );
}

/** Makes a copy, which is the maker's and shared as the original is. */
export async function copyDashboard(
  control: D1Database,
  maker: ProjectMaker,
  { name, description, range, compare, filters, widgets, sharing }: KeptDashboard,
  now: number,
): Promise<KeptDashboard | Refusal> {
  const copy = `${name.slice(0, 113)} (copy)`;
  return createDashboard(
    control,
    maker,
    { name: copy, description, range, compare, filters, widgets, sharing },
    now,
  );
}
