/**
 * Problems of dashboards, public links, comments and annotations.
 * @module
 */
import type { ProblemTable } from "./table";

export const WORKSPACE_PROBLEMS = {
  comment_not_own: [403, "The comment belongs to another person"],
  annotation_not_own: [403, "The annotation belongs to another person"],
  widget_not_found: [422, "The dashboard has no such widget"],
  comment_parent_gone: [422, "The comment that this one replies to is gone"],
  comment_parent_is_reply: [422, "Replies belong to the first comment of a thread"],
  comment_not_first: [422, "Only the first comment of a thread can be resolved"],
  thread_full: [422, "The thread has the maximum number of replies"],
  too_many_mentions: [422, "The comment mentions too many people"],
  annotation_range_empty: [422, "The end of an annotation must be after its start"],
  password_required: [401, "The link requires a password"],
  version_conflict: [409, "The version has changed"],
  metric_name_taken: [409, "A metric of this name exists"],
  metric_in_use: [409, "The metric is in use"],
  dashboard_name_conflict: [409, "Another dashboard of this name was created at the same time"],
  content_conflict: [409, "The content has changed"],
  author_required: [403, "Only the author may do this"],
  too_many_metrics: [422, "The organization has too many metrics"],
  too_many_dashboards: [422, "The project has too many dashboards"],
  metric_private: [422, "The metric is private"],
  metric_breaks_others: [422, "The change would make other metrics invalid"],
  file_invalid: [422, "The file is not valid"],
  group_too_small: [422, "The group of people is too small to be shown"],
  arguments_invalid: [400, "The arguments of the tool are not valid"],
} as const satisfies ProblemTable;
