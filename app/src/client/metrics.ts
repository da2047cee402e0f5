/**
 * Custom metrics of an organization, and the data to define one.
 * @module
 */
import { query } from "@solidjs/router";
import type { MetricDefinition } from "../../../schema/wire/metric";
import type { Json, Output } from "./api";
import { orSignIn } from "./http";
import { request } from "./request";

/** The metrics that the user may see, by name. */
export const metrics = query(
  async (organization: string) =>
    orSignIn(await request("GET /organizations/{organization}/metrics", { params: { organization } })),
  "metrics",
);
/** Where a metric is used: formulas of other metrics, and widgets of dashboards. */
export const metricUses = query(
  (organization: string, metric: string) =>
    request("GET /organizations/{organization}/metrics/{metric}/uses", { params: { organization, metric } }),
  "metric-uses",
);
/** Templates of definitions. */
export const metricTemplates = query(
  async () => orSignIn(await request("GET /metric-templates", {})),
  "metric-templates",
);

/** Metrics and dimensions of every dataset. */
export const catalog = query(async () => orSignIn(await request("GET /datasets", {})), "catalog");

/** A field with example values of the project's data of the last 30 days. */
export type Field = Output<"GET /projects/{project}/metrics/fields">["data"][number];
/** Fields of the project's data to calculate with; `subjects` are additional options of `unique`. */
export const fields = query(
  (project: string, dataset: string) =>
    request("GET /projects/{project}/metrics/fields", { params: { project }, query: { dataset } }),
  "fields",
);

/** The unit of a definition, or its errors, whose paths start with `rule`. */
export const checkMetric = (project: string, json: MetricDefinition) =>
  request("POST /projects/{project}/metrics/check", { params: { project }, json });

export const createMetric = (
  organization: string,
  json: Json<"POST /organizations/{organization}/metrics">,
) => request("POST /organizations/{organization}/metrics", { params: { organization }, json });
/** Fails with `conflict` when the metric has changed after `json.version`. */
export const changeMetric = (
  organization: string,
  metric: string,
  json: Json<"PATCH /organizations/{organization}/metrics/{metric}">,
) =>
  request("PATCH /organizations/{organization}/metrics/{metric}", { params: { organization, metric }, json });
/** Fails while something uses the metric. */
export const deleteMetric = (organization: string, metric: string) =>
  request("DELETE /organizations/{organization}/metrics/{metric}", { params: { organization, metric } });
