/**
 * Sources: what a project is connected to, how it is read, and what came of it.
 * @module
 */
import { query } from "@solidjs/router";
import type { z } from "zod";
import type { Preview, PushAnswer, previewNewSchema } from "../../../schema/wire/mapping";
import type { Model } from "../../../schema/wire/model";
import type {
  Notice,
  Quality,
  Source,
  SourceDetail,
  SourceDriver,
  SourceNew,
  SourceUpdate,
  SyncRun,
} from "../../../schema/wire/source";
import { call } from "./call";
import { answer, apiFetch, orSignIn } from "./http";

const at = (project: string, rest = "") => `/projects/${encodeURIComponent(project)}/sources${rest}`;
const one = (project: string, id: string, rest = "") => at(project, `/${encodeURIComponent(id)}${rest}`);

export type PreviewNew = z.input<typeof previewNewSchema>;

/** A page of runs, newest first. */
export interface RunPage {
  data: SyncRun[];
  next_cursor: string | null;
}

/** What is connected, oldest first. */
export const sources = query(
  async (project: string) => orSignIn(await call<{ data: Source[] }>("GET", at(project))),
  "sources",
);
/** What can be connected. */
export const drivers = query(
  async (project: string) => orSignIn(await call<{ data: SourceDriver[] }>("GET", at(project, "/drivers"))),
  "source-drivers",
);
/** One source with its streams and limits. */
export const source = query(
  async (project: string, id: string) => orSignIn(await call<SourceDetail>("GET", one(project, id))),
  "source",
);
/** Its runs; `cursor` is null for the newest. */
export const runs = query(
  async (project: string, id: string, cursor: string | null) =>
    call<RunPage>("GET", one(project, id, `/runs${cursor ? `?cursor=${encodeURIComponent(cursor)}` : ""}`)),
  "source-runs",
);
/** What the checks found. */
export const quality = query(
  async (project: string, id: string) => call<Quality>("GET", one(project, id, "/quality")),
  "source-quality",
);
/** What the tables hold, those that others are made of first. */
export const models = query(
  async (project: string) =>
    orSignIn(await call<{ data: Model[] }>("GET", `/projects/${encodeURIComponent(project)}/models`)),
  "models",
);
/** What somebody should know about, newest first. */
export const notices = query(
  async (project: string) =>
    call<{ data: Notice[] }>("GET", `/projects/${encodeURIComponent(project)}/notices`),
  "notices",
);

export const createSource = (project: string, json: SourceNew) => call<Source>("POST", at(project), json);
/** Keys that are sent replace those that were kept; they are never answered back. */
export const changeSource = (project: string, id: string, json: SourceUpdate) =>
  call<Source>("PATCH", one(project, id), json);
/** `confirm` is the source's name, as typed. */
export const deleteSource = (project: string, id: string, confirm: string) =>
  call<undefined>("DELETE", one(project, id, `?confirm=${encodeURIComponent(confirm)}`), {});
/** Where the vendor asks for consent. */
export const askConsent = (project: string, id: string) =>
  call<{ url: string }>("POST", one(project, id, "/connect"), {});
/** Asks the vendor which accounts can be read. */
export const checkSource = (project: string, id: string) =>
  call<Source>("POST", one(project, id, "/check"), {});
export const syncNow = (project: string, id: string) => call<SyncRun>("POST", one(project, id, "/sync"), {});
export const cancelSync = (project: string, id: string) =>
  call<SyncRun>("POST", one(project, id, "/cancel"), {});
/** Reads the stream anew beside what there is, and swaps when it is complete. */
export const resetStream = (project: string, id: string, stream: string) =>
  call<SyncRun>("POST", one(project, id, `/streams/${encodeURIComponent(stream)}/reset`), {});

/** First rows of a source that is not saved, with a mapping proposed or tried; nothing is kept. */
export const previewSource = (project: string, json: PreviewNew) =>
  call<Preview>("POST", at(project, "/preview"), json);
/** Rows with a known key are replaced, others added. */
export const uploadTable = (project: string, id: string, text: string) =>
  answer<PushAnswer>(
    apiFetch(`/api/v1${one(project, id, "/file")}`, {
      method: "PUT",
      headers: { "content-type": "text/csv" },
      body: text,
    }),
  );
