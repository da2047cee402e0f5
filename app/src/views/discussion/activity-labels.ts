/**
 * What people did, in words, and where it can be looked at.
 * @module
 */
import type { Activity } from "../../../../schema/wire/discussion";

/** Stands between who and what. */
export const DID = {
  dashboard_created: "made the dashboard",
  dashboard_changed: "changed the dashboard",
  dashboard_deleted: "deleted the dashboard",
  metric_created: "defined the metric",
  metric_changed: "changed the metric",
  metric_deleted: "deleted the metric",
  comment_added: "commented on",
  comment_resolved: "resolved a thread on",
  annotation_added: "noted",
  link_created: "made the public link",
  link_revoked: "revoked the public link",
  member_joined: "joined",
  member_left: "left",
} as const satisfies Record<Activity["kind"], string>;

const OF_DASHBOARD = /^(dashboard_(created|changed)|comment_)/;
const OF_METRIC = /^metric_(created|changed)$/;

/** The page of what it happened to; undefined when there is none. */
export function addressOf({ kind, subject_id }: Pick<Activity, "kind" | "subject_id">, project: string) {
  if (OF_DASHBOARD.test(kind)) return `/projects/${project}/dashboards/${subject_id}`;
  if (OF_METRIC.test(kind)) return `/projects/${project}/metrics/${subject_id}`;
  return undefined;
}
