/**
 * A check: a name, a description, and a pure function from facts to a finding.
 * @module
 */
import type { Notice } from "../../../schema/wire/notify";
import type { QualityResult } from "../../../schema/wire/source";
import type { Facts } from "./facts";

/** The finding of a check. */
export interface Finding extends Pick<QualityResult, "outcome" | "score" | "summary"> {
  /** What was expected, what was found and where; JSON. */
  detail: Record<string, unknown>;
}

/** A declared check. */
export interface Check {
  name: string;
  label: string;
  /** What it checks and why, in one or two sentences. */
  meaning: string;
  severity: Notice["severity"];
  /** `sync`: after every sync. `day`: once a day, as it reads many days or queries the vendor. `clock`: also without syncs. */
  when: "sync" | "day" | "clock";
  /** Null when it does not apply to the source. */
  evaluate(facts: Facts): Finding | null;
}

/** Maximum number of examples in a result. */
const EXAMPLES = 10;

/** Returns a passed finding. */
export const passed = (summary: string, detail: Finding["detail"] = {}): Finding => ({
  outcome: "passed",
  score: 1,
  summary,
  detail,
});

/** Returns an unknown finding: the check could not run, or the result is not final yet. */
export const unknown = (summary: string, detail: Finding["detail"] = {}): Finding => ({
  outcome: "unknown",
  score: 0,
  summary,
  detail,
});

/** Returns a failed finding: `wrong` of `all` items. The first examples are stored. */
export function failed(
  summary: string,
  {
    wrong,
    all,
    examples,
    ...more
  }: { wrong: number; all: number; examples: readonly object[] } & Finding["detail"],
): Finding {
  const score = all > 0 ? Math.max(0, 1 - wrong / all) : 0;
  return {
    outcome: "failed",
    score,
    summary,
    detail: { wrong, all, examples: examples.slice(0, EXAMPLES), ...more },
  };
}

/** `1 day`, `3 days`. */
export const counted = (count: number, noun: string): string =>
  `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;
