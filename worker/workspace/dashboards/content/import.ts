/**
 * Creates a dashboard, and the metrics that are missing, from a file.
 * @module
 */
import type { ContentFault, DashboardDocument, MetricDocument } from "../../../../schema/wire/content";
import type { Sharing } from "../../../../schema/wire/metric";
import type { Refusal } from "../../../lib/refusal";
import type { StoredDashboard } from "../dashboard-store";
import type { ProjectAuthor } from "../dashboards";
import { createWithMetrics } from "../from-template";
import { readFile } from "./text";

/** Creates the dashboard of a file, or returns the faults of the file. */
export async function importDashboard(
  control: D1Database,
  author: ProjectAuthor,
  { text, sharing }: { text: string; sharing: Sharing },
  now: number,
): Promise<StoredDashboard | Refusal | { faults: ContentFault[] }> {
  const { read, faults } = await readFile({ path: "file", text });
  if (faults.length) return { faults };
  const documents = read.map(({ document }) => document);
  const dashboards = documents.filter((one): one is DashboardDocument => one.kind === "dashboard");
  const metrics = documents.filter((one): one is MetricDocument => one.kind === "metric");
  const [dashboard] = dashboards;
  if (!dashboard || dashboards.length > 1) {
    const message = `Expected one document with kind: dashboard, but there are ${dashboards.length}`;
    return { faults: [{ file: "file", line: 1, column: 1, path: "", message }] };
  }
  const made = await createWithMetrics(control, author, { content: dashboard, metrics }, { sharing }, now);
  if (!("code" in made)) return made;
  const at = read.find(({ document }) => document === dashboard)?.at;
  const places = at && made.errors?.map(({ path, message }) => ({ ...at(path), message }));
  return places?.length ? { faults: places } : made;
}
