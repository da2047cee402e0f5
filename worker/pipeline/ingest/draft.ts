/**
 * An event in the pipeline.
 * @module
 */
import { nullsOf, STEP_COLUMNS, type StepColumn } from "../../../schema/wire/columns";
import type { RawEvent } from "../../../schema/wire/event";
import type { ProjectConfig } from "../../../schema/wire/project";
import type { DropReason, EventRow } from "../../../schema/wire/row";
import type { Sender } from "./sender";
import type { KnownSource } from "./tables/sources";

/** What the steps read and write. `body` is the result; `marks` are values passed from one step to a later one. */
export interface Draft {
  readonly raw: RawEvent;
  /** `properties` as JSON text, before the deny-list. */
  readonly properties: string;
  readonly stated_at: number | null;
  /** Used as `event_id` when the sender gave none. */
  readonly fallback_id: string;
  readonly sender: Sender;
  readonly project: ProjectConfig;
  readonly received_at: number;
  /** An import: any past time is accepted. */
  readonly past: boolean;
  /** The columns that the steps fill in. */
  readonly body: Pick<EventRow, StepColumn>;
  readonly marks: Marks;
}

/** Values passed between steps. */
export interface Marks {
  /** `utm_source`, else `ref`, else `source` of the page's query. */
  tag: string | null;
  /** A known click id in the page's query. */
  click: { source: string; paid: boolean } | null;
  /** Host of the referrer, internal or not. */
  referrer_host: string | null;
  /** The known source, when the table has it. */
  known: KnownSource | null;
  /** The sender's browser reports that it is automated. */
  webdriver: boolean;
}

/** One step. `put*` steps fill `body` and return nothing; a `drop*` step may return a reason, which ends the run. */
export type Step = (draft: Draft) => DropReason | undefined;

const BLANK: Draft["body"] = {
  ...nullsOf(STEP_COLUMNS),
  event_id: "",
  event_name: "",
  timestamp: 0,
  clock_skewed: false,
  channel: "Direct",
};

/** A draft with nothing filled in. */
export function draftOf(given: Omit<Draft, "body" | "marks">): Draft {
  return {
    ...given,
    body: { ...BLANK },
    marks: { tag: null, click: null, referrer_host: null, known: null, webdriver: false },
  };
}
