/**
 * Answers many queries at once: what they have in common is planned, read and added up once.
 * @module
 */

import type { Query } from "../../../schema/wire/query";
import type { Stores } from "../../lib/stores";
import { type Answer, QueryBatch } from "./execute/batch";
import { retryAfterMerge } from "./execute/retry";
import { type ProjectState, readProjectState } from "./execute/snapshot-store";
import { combine, parse, partsOf } from "./parse";
import type { QueryContext } from "./parse/query";
import { isRefusal } from "./parse/refusal";
import { BUDGET, type Budget } from "./plan/budget";

export interface AnswerOptions {
  /** What one query may read of the lake. */
  budget?: Budget;
  /** How the project stands, when the caller has already read it. */
  standing?: ProjectState;
}

/** Answers queries about one project. A query that is refused does not keep the others from being answered. */
export async function answer<Name extends string>(
  stores: Stores,
  asker: QueryContext,
  queries: Readonly<Record<Name, Query>>,
  options: AnswerOptions = {},
): Promise<Record<Name, Answer>> {
  const started = performance.now();
  const standing = options.standing ?? (await readProjectState(stores.db, asker.project, asker.timezone));
  const questions = Object.entries<Query>(queries).map(([name, query]) => ({
    name,
    asked: parse(query, asker),
  }));
  const good = questions.flatMap(({ asked }) => (isRefusal(asked) ? [] : partsOf(asked)));
  const page = await retryAfterMerge(() =>
    QueryBatch.read(stores, asker, standing, good, options.budget ?? BUDGET),
  );
  const elapsed = performance.now() - started;
  const answers = questions.map(({ name, asked }): [string, Answer] => {
    if (isRefusal(asked)) return [name, { refusal: asked }];
    return [name, "parts" in asked ? combine(asked, page, elapsed) : page.answerTo(asked, elapsed)];
  });
  return Object.fromEntries(answers) as Record<Name, Answer>;
}
