/**
 * Shared metrics and dashboards as documents: without id of the row, version and times. The schemas put keys in one order,
 * so that the same content is the same text.
 * @module
 */
import {
  type DashboardDocument,
  dashboardDocumentSchema,
  type MetricDocument,
  metricDocumentSchema,
} from "../../../../schema/wire/content";
import type { DashboardContent } from "../../../../schema/wire/dashboard";
import type { MetricDefinition } from "../../../../schema/wire/metric";

/** The document of a metric. What is left out stays out. */
export function metricDocument(metric: MetricDefinition): MetricDocument {
  const { kind, ...said } = metricDocumentSchema.parse({ ...metric, kind: "metric" });
  return plain({ kind, ...said });
}

/** The document of a dashboard under this slug. */
export function dashboardDocument(slug: string, dashboard: DashboardContent): DashboardDocument {
  const { kind, id, ...said } = dashboardDocumentSchema.parse({ ...dashboard, kind: "dashboard", id: slug });
  return plain({ kind, id, ...said });
}

/** Without keys that hold nothing. */
function plain<T extends object>(value: T): T {
  return JSON.parse(JSON.stringify(value));
}
