/**
 * What the viewer of a dashboard changed: range, comparison, more filters. Stored in the URL only; the rest is the dashboard's.
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
