/**
 * Compares files with the stored content, and checks the content as it will be after the change.
 * @module
 */
import type {
  ContentChange,
  ContentDocument,
  ContentFault,
  ContentRequest,
  DashboardDocument,
  MetricDocument,
} from "../../../../schema/wire/content";
import type { MetricRule, Unit } from "../../../../schema/wire/metric";
import { mentionedIn } from "../../../questions/metrics";
import { checkDashboard, checkRule, type Known } from "../check";
import { type StoredDashboard, sharedDashboards } from "../dashboard-store";
import type { ProjectAuthor } from "../dashboards";
import { listMetrics, type StoredMetric, usesOf } from "../metric-store";
import { usedMetrics } from "../questions";
import { differences } from "./compare";
import { dashboardDocument, metricDocument } from "./documents";
import { type Read, readFile } from "./text";

/** The stored content, the content of the files, and the changes between them. */
export interface ContentPlan {
  faults: ContentFault[];
  changes: ContentChange[];
  stored: { metrics: Map<string, StoredMetric>; dashboards: Map<string, StoredDashboard> };
  wanted: { metrics: Map<string, MetricDocument>; dashboards: Map<string, DashboardDocument> };
  /** Unit of each metric after the change. */
  units: Map<string, Unit>;
}

/** Plans the changes of files. With faults there are no changes. */
export async function planContent(
  control: D1Database,
  author: ProjectAuthor,
  { files, prune }: ContentRequest,
): Promise<ContentPlan> {
  const [metrics, dashboards, parts] = await Promise.all([
    listMetrics(control, { organization: author.organization, user: null }),
    sharedDashboards(control, author.project),
    Promise.all(files.map(readFile)),
  ]);
  const plan: ContentPlan = {
    faults: parts.flatMap(({ faults }) => faults),
    changes: [],
    stored: {
      metrics: new Map(metrics.map((metric) => [metric.name, metric])),
      dashboards: new Map(dashboards.map((dashboard) => [dashboard.slug ?? "", dashboard])),
    },
    wanted: { metrics: new Map(), dashboards: new Map() },
    units: new Map(),
  };
  const read = parts.flatMap((part) => part.read);
  for (const one of read) take(plan, one);
  if (plan.faults.length) return plan;
  plan.changes = changesOf(plan, prune);
  checkMetrics(plan, read);
  // A dashboard with a faulty metric would only repeat its faults.
  if (!plan.faults.length) checkDashboards(plan, read);
  await checkDeletions(control, author, plan);
  return plan.faults.length ? { ...plan, changes: [] } : plan;
}

const idOf = (document: ContentDocument) => (document.kind === "metric" ? document.name : document.id);

function take({ faults, wanted }: ContentPlan, { document, at }: Read): void {
  const there = document.kind === "metric" ? wanted.metrics : wanted.dashboards;
  const id = idOf(document);
  if (there.has(id)) {
    const key = document.kind === "metric" ? "name" : "id";
    faults.push({ ...at(key), message: `The files contain another ${document.kind} \`${id}\`` });
  } else if (document.kind === "metric") wanted.metrics.set(id, metricDocument(document));
  else wanted.dashboards.set(id, dashboardDocument(id, document));
}

function changesOf({ stored, wanted }: ContentPlan, prune: boolean): ContentChange[] {
  const of = <W, K>(
    kind: ContentChange["kind"],
    there: ReadonlyMap<string, K>,
    asked: ReadonlyMap<string, W>,
    documentOf: (one: K) => W,
  ): ContentChange[] => {
    const made = [...asked].flatMap(([id, document]): ContentChange[] => {
      const before = there.get(id);
      if (before === undefined) return [{ kind, id, change: "created", fields: [] }];
      const fields = differences(documentOf(before), document);
      return fields.length ? [{ kind, id, change: "changed", fields }] : [];
    });
    const gone = prune ? [...there.keys()].filter((id) => !asked.has(id)) : [];
    return [...made, ...gone.map((id): ContentChange => ({ kind, id, change: "deleted", fields: [] }))];
  };
  return [
    ...of("metric", stored.metrics, wanted.metrics, metricDocument),
    ...of("dashboard", stored.dashboards, wanted.dashboards, (one) => dashboardDocument(one.slug ?? "", one)),
  ];
}

const isDeleted = ({ changes }: ContentPlan, kind: ContentChange["kind"], id: string) =>
  changes.some((one) => one.kind === kind && one.id === id && one.change === "deleted");

/** The rules after the change. */
function knownAfter(plan: ContentPlan): Known {
  const rules = new Map<string, MetricRule>();
  for (const [name, { rule }] of plan.stored.metrics)
    if (!isDeleted(plan, "metric", name)) rules.set(name, rule);
  for (const [name, { rule }] of plan.wanted.metrics) rules.set(name, rule);
  return { rules: Object.fromEntries(rules), hidden: new Set() };
}

/** Locates a document; content that is in no file is named instead. */
function placeIn(read: readonly Read[], kind: ContentChange["kind"], id: string): Read["at"] {
  const found = read.find(({ document }) => document.kind === kind && idOf(document) === id);
  return found?.at ?? ((path) => ({ file: `(stored ${kind} ${id})`, line: 1, column: 1, path, message: "" }));
}

function checkMetrics(plan: ContentPlan, read: readonly Read[]): void {
  const known = knownAfter(plan);
  for (const [name, rule] of Object.entries(known.rules)) {
    const checked = checkRule(name, rule, known);
    if (!Array.isArray(checked)) plan.units.set(name, checked.unit);
    else {
      const at = placeIn(read, "metric", name);
      plan.faults.push(...checked.map(({ path, message }) => ({ ...at(path), message })));
    }
  }
}

/** Checks the dashboards of the files, and stored ones that use a changed metric. */
function checkDashboards(plan: ContentPlan, read: readonly Read[]): void {
  const known = knownAfter(plan);
  const changed = new Set(plan.changes.filter(({ kind }) => kind === "metric").map(({ id }) => id));
  const touched = [...plan.stored.dashboards].filter(
    ([id, { mentions }]) =>
      !plan.wanted.dashboards.has(id) &&
      !isDeleted(plan, "dashboard", id) &&
      mentions.some((name) => changed.has(name)),
  );
  for (const [id, content] of [...plan.wanted.dashboards, ...touched]) {
    const at = placeIn(read, "dashboard", id);
    for (const { path, message } of checkDashboard(content, known))
      plan.faults.push({ ...at(path), message });
  }
}

/** A metric is deleted only when nothing that remains uses it, in any project. */
async function checkDeletions(control: D1Database, author: ProjectAuthor, plan: ContentPlan): Promise<void> {
  const { rules } = knownAfter(plan);
  for (const { kind, id, change } of plan.changes) {
    if (kind !== "metric" || change !== "deleted") continue;
    const uses = await usesOf(control, { organization: author.organization, user: null }, id);
    const left = uses.filter((use) => {
      if (use.kind === "metric") return rules[use.name] && mentionedIn(rules[use.name]!).includes(id);
      const own = [...plan.stored.dashboards].find(([, dashboard]) => dashboard.id === use.id)?.[0];
      if (own === undefined) return true;
      const wanted = plan.wanted.dashboards.get(own);
      return !isDeleted(plan, "dashboard", own) && (wanted ? usedMetrics(wanted).includes(id) : true);
    });
    for (const use of left) {
      const message = `The metric \`${id}\` is in no file and would be deleted, but the ${use.kind} \`${use.name}\` uses it`;
      plan.faults.push({ file: `metrics/${id}.yaml`, line: 1, column: 1, path: "", message });
    }
  }
}
