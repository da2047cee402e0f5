/**
 * Labels of activities, and links to their subjects.
 * @module
 */
import type { Activity } from "../../../../schema/wire/discussion";

/** Verb between the person and the subject. */
export const DID = {
  dashboard_created: "created the dashboard",
  dashboard_changed: "changed the dashboard",
  dashboard_deleted: "deleted the dashboard",
  metric_created: "created the metric",
  metric_changed: "changed the metric",
  metric_deleted: "deleted the metric",
  comment_added: "commented on",
  comment_resolved: "resolved a thread on",
  annotation_added: "noted",
  link_created: "created the public link",
  link_revoked: "revoked the public link",
  member_joined: "joined",
  member_left: "left",
} as const satisfies Record<Activity["kind"], string>;

const OF_DASHBOARD = /^(dashboard_(created|changed)|comment_)/;
const OF_METRIC = /^metric_(created|changed)$/;

/** Returns the URL of the subject; undefined when it has no page. */
export function addressOf({ kind, subject_id }: Pick<Activity, "kind" | "subject_id">, project: string) {
  if (OF_DASHBOARD.test(kind)) return `/projects/${project}/dashboards/${subject_id}`;
  if (OF_METRIC.test(kind)) return `/projects/${project}/metrics/${subject_id}`;
  return undefined;
}
