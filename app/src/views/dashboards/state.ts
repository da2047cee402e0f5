/**
 * The current view of a dashboard: range, comparison and additional filters. Stored in the URL only.
 * @module
 */
import type { Dashboard } from "../../../../schema/wire/dashboard";
import { type QueryState, selectedRange } from "../../query-state";

/** Range and comparison in effect. */
export function inForce(dashboard: Pick<Dashboard, "range" | "compare">, view: QueryState) {
  return {
    range: view.range ?? selectedRange(dashboard.range),
    compare: view.compare ?? dashboard.compare,
  };
}
