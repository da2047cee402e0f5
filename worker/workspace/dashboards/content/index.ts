/**
 * Content as code: exports shared metrics and dashboards as text files, and applies such files.
 * @module
 */
import type { ContentDocument, ContentFile } from "../../../../schema/wire/content";
import { type StoredDashboard, sharedDashboards } from "../dashboard-store";
import type { ProjectAuthor } from "../dashboards";
import { listMetrics } from "../metric-store";
import { dashboardDocument, metricDocument } from "./documents";
import { pathOf, writeYaml } from "./text";

export { applyContent, type Touched } from "./apply";
export { importDashboard } from "./import";
export { planContent } from "./plan";

/** Returns all shared content as files. `schema`: URL of the JSON Schema. */
export async function exportContent(
  control: D1Database,
  { organization, project }: Pick<ProjectAuthor, "organization" | "project">,
  schema: string,
): Promise<ContentFile[]> {
  const [metrics, dashboards] = await Promise.all([
    listMetrics(control, { organization, user: null }),
    sharedDashboards(control, project),
  ]);
  const documents: ContentDocument[] = [
    ...metrics.map(metricDocument),
    ...dashboards.map((dashboard) => dashboardDocument(dashboard.slug ?? "", dashboard)),
  ];
  return Promise.all(
    documents.map(async (document) => ({ path: pathOf(document), text: await writeYaml(document, schema) })),
  );
}

/** Returns a dashboard, after the metrics that it uses, as one file. */
export async function exportDashboard(
  control: D1Database,
  { organization, user }: Pick<ProjectAuthor, "organization" | "user">,
  dashboard: StoredDashboard,
  { format, schema }: { format: "yaml" | "json"; schema: string },
): Promise<string> {
  const all = await listMetrics(control, { organization, user });
  const needed = new Set(dashboard.mentions);
  for (const name of needed) {
    for (const one of all.find((metric) => metric.name === name)?.mentions ?? []) needed.add(one);
  }
  const documents: ContentDocument[] = [
    ...all.filter(({ name }) => needed.has(name)).map(metricDocument),
    dashboardDocument(dashboard.slug ?? "dashboard", dashboard),
  ];
  if (format === "json") return `${JSON.stringify(documents, null, 2)}\n`;
  return (await Promise.all(documents.map((document) => writeYaml(document, schema)))).join("---\n");
}
