/**
 * Converts shared metrics and dashboards to documents: without row id, version and times. The schemas fix the order of keys,
 * so that equal content is equal text.
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

/** The document of a metric. Omitted fields stay omitted. */
export function metricDocument(metric: MetricDefinition): MetricDocument {
  const { kind, ...fields } = metricDocumentSchema.strip().parse({ ...metric, kind: "metric" });
  return plain({ kind, ...fields });
}

/** The document of a dashboard under this slug. */
export function dashboardDocument(slug: string, dashboard: DashboardContent): DashboardDocument {
  const { kind, id, ...fields } = dashboardDocumentSchema.strip().parse({
    ...dashboard,
    kind: "dashboard",
    id: slug,
  });
  return plain({ kind, id, ...fields });
}

/** Removes keys with empty values. */
function plain<T extends object>(value: T): T {
  return JSON.parse(JSON.stringify(value));
}
