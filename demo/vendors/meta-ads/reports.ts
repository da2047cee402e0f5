/**
 * Asynchronous insights: a report run is started, polled and read.
 * After the vendor's page "Insights API Asynchronous Jobs" ("Async status", error details since v25).
 * @module
 */
import type { Stage } from "../server/index.ts";
import type { VendorAnswer } from "../server/routes.ts";
import { graphError } from "./errors.ts";
import { type InsightQuestion, insightRows } from "./insights.ts";
import type { Node } from "./objects.ts";

interface Run {
  id: string;
  node: Node;
  question: InsightQuestion;
  startedAt: number;
  polls: number;
  willFail: boolean;
}

/** The report runs of a stand-in. A run progresses when it is polled, so that no test waits for a clock. */
export class Reports {
  #runs = new Map<string, Run>();

  readonly stage: Stage;
  /** Polls after which a run is complete. */
  readonly pollsNeeded: number;

  constructor(stage: Stage, pollsNeeded: number) {
    this.stage = stage;
    this.pollsNeeded = pollsNeeded;
  }

  begin(node: Node, question: InsightQuestion, willFail: boolean): VendorAnswer {
    const id = String(6_023_920_149_000 + this.#runs.size);
    this.#runs.set(id, { id, node, question, startedAt: this.stage.now(), polls: 0, willFail });
    return { body: { report_run_id: id } };
  }

  has(id: string): boolean {
    return this.#runs.has(id);
  }

  /**
   * The status of a run. It is complete with both `Job Completed` and 100 percent: near the end one may come before the
   * other.
   */
  poll(id: string): VendorAnswer {
    const run = this.#runs.get(id);
    if (run === undefined) return { status: 404 };
    run.polls++;
    const { pollsNeeded } = this;
    const isDone = run.polls >= pollsNeeded;
    const failed = isDone && run.willFail;
    const percent = isDone && !failed ? 100 : Math.floor((100 * run.polls) / (pollsNeeded + 1));
    const status = failed
      ? "Job Failed"
      : isDone
        ? "Job Completed"
        : run.polls === 1
          ? "Job Started"
          : "Job Running";
    return {
      body: {
        id,
        account_id: run.node.account.id,
        time_ref: Math.floor(run.startedAt / 1000),
        ...(isDone && { time_completed: Math.floor(this.stage.now() / 1000) }),
        async_status: status,
        async_percent_completion: percent,
        date_start: run.question.since,
        date_stop: run.question.until,
        ...(failed && {
          error_code: -2,
          error_subcode: 2490547,
          error_user_title: "Report Failed",
          error_message: "Generating the report failed. Try again later.",
        }),
      },
    };
  }

  /** The rows of a finished run, computed when they are read: a report has the current truth. */
  rows(id: string): object[] | VendorAnswer {
    const run = this.#runs.get(id);
    if (run && run.polls >= this.pollsNeeded && !run.willFail)
      return insightRows(this.stage, run.node, run.question);
    return graphError({
      code: 2601,
      message: "(#2601) Error loading async session: the report is not ready",
    });
  }
}
