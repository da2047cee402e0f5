/**
 * Metrics that an organisation defines, and what helps to define one.
 * @module
 */
import { query } from "@solidjs/router";
import type {
  Metric,
  MetricDefinition,
  MetricTemplate,
  MetricUse,
  Sharing,
  Unit,
} from "../../../schema/wire/metric";
import type { Catalogue } from "../../../worker/questions/metrics";
import { call } from "./call";
import { orSignIn } from "./http";

const at = (organization: string, rest = "") =>
  `/organizations/${encodeURIComponent(organization)}/metrics${rest}`;

/** Those that the reader may see, by name. */
export const metrics = query(
  async (organization: string) => orSignIn(await call<{ data: Metric[] }>("GET", at(organization))),
  "metrics",
);
/** What asks for it: formulas of other metrics, and widgets of dashboards. */
export const metricUses = query(
  async (organization: string, id: string) =>
    call<{ data: MetricUse[] }>("GET", at(organization, `/${id}/uses`)),
  "metric-uses",
);
/** Definitions to start from. */
export const metricTemplates = query(
  async () => orSignIn(await call<{ data: MetricTemplate[] }>("GET", "/metric-templates")),
  "metric-templates",
);

/** What every dataset can be asked for. */
export const catalogue = query(async () => orSignIn(await call<Catalogue>("GET", "/datasets")), "catalogue");

/** A field with values of the project's own data, of the last 30 days. */
export interface Field {
  name: string;
  label: string;
  description: string;
  type: "number" | "string";
  unit?: Unit;
  examples: string[];
}
/** What the project's data has to calculate with; `subjects` are whom `unique` counts besides. */
export const fields = query(
  async (project: string, dataset: string) =>
    call<{ data: Field[]; subjects: string[] }>(
      "GET",
      `/projects/${encodeURIComponent(project)}/metrics/fields?dataset=${encodeURIComponent(dataset)}`,
    ),
  "fields",
);

/** The unit that a definition yields, or what is wrong with it, paths beginning with `rule`. */
export const checkMetric = (project: string, definition: MetricDefinition) =>
  call<{ unit: Unit | null; errors: { path: string; code: string; message: string }[] }>(
    "POST",
    `/projects/${encodeURIComponent(project)}/metrics/check`,
    definition,
  );

type NewMetric = MetricDefinition & { sharing: Sharing };
export const createMetric = (organization: string, json: NewMetric) =>
  call<Metric>("POST", at(organization), json);
/** Answers `conflict` when somebody else changed it after `json.version`. */
export const changeMetric = (
  organization: string,
  id: string,
  json: Partial<NewMetric> & { version: number; verified?: boolean },
) => call<Metric>("PATCH", at(organization, `/${id}`), json);
/** Answers `conflict` while something uses it. */
export const deleteMetric = (organization: string, id: string) =>
  call<undefined>("DELETE", at(organization, `/${id}`), {});
