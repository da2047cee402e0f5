/**
 * Plans queries. Each distinct subquery of a batch is planned once, and the plan is what later stages work with.
 * @module
 */
import type { ParsedQuery, QueryPart } from "../parse";
import type { Value } from "../parse/filter";
import { isRefusal, type Refusal } from "../parse/refusal";
import { type Sections, type Subquery, subqueriesOf } from "./subquery";
import {
  type PlanSetting,
  planSubquery,
  rollupMeasures,
  type SubqueryPlan,
  withExact,
} from "./subquery-plan";

/** Where each section of a result is read from, for each part of the query. */
export interface QueryPlan {
  parts: Sections<SubqueryPlan>[];
}

/** The plan of the same query with exact lines of the values. */
export function exactly({ parts }: QueryPlan, values: readonly Value[]): QueryPlan {
  const exactParts = parts.map((part) => ({
    ...part,
    rows: withExact(part.rows, values),
    comparedRows: part.comparedRows && withExact(part.comparedRows, values),
  }));
  return { parts: exactParts };
}

/** Plans the queries of a batch. Equal subqueries get the same plan object. */
export class Planner {
  readonly #plans = new Map<string, SubqueryPlan | Refusal>();

  constructor(readonly setting: PlanSetting) {}

  /** Returns the plan of a query, or why it is refused. */
  plan(query: ParsedQuery): QueryPlan | Refusal {
    const parts: Sections<SubqueryPlan>[] = [];
    for (const part of query.parts) {
      const planned = this.#planPart(query, part);
      if (isRefusal(planned)) return planned;
      parts.push(planned);
    }
    return { parts };
  }

  #planPart(query: ParsedQuery, part: QueryPart): Sections<SubqueryPlan> | Refusal {
    const subqueries = subqueriesOf(query, part);
    const rows = this.#planOnce(subqueries.rows);
    if (isRefusal(rows)) return rows;
    // Totals beside rows from rollups come from rollups too: measures that rollups lack are null, not a scan.
    const { measures } = subqueries.totals;
    const available = rows.store === "rollup" ? rollupMeasures(subqueries.totals, this.setting) : measures;
    const totals = this.#planOnce({ ...subqueries.totals, measures: available });
    if (isRefusal(totals)) return totals;
    const { comparedRows, comparedTotals } = subqueries;
    const rowsBefore = comparedRows && this.#planOnce(comparedRows);
    if (rowsBefore && isRefusal(rowsBefore)) return rowsBefore;
    const totalsBefore = comparedTotals && this.#planOnce({ ...comparedTotals, measures: available });
    if (totalsBefore && isRefusal(totalsBefore)) return totalsBefore;
    return { rows, totals, comparedRows: rowsBefore, comparedTotals: totalsBefore };
  }

  #planOnce(subquery: Subquery): SubqueryPlan | Refusal {
    const key = JSON.stringify(subquery);
    const known = this.#plans.get(key);
    if (known) return known;
    const planned = this.planSubquery(subquery);
    this.#plans.set(key, planned);
    return planned;
  }

  /** Plans a subquery that the batch does not have yet. */
  planSubquery(subquery: Subquery): SubqueryPlan | Refusal {
    return planSubquery(subquery, this.setting);
  }
}
