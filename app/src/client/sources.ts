/**
 * Sources of a project: what is connected, how it syncs, and the results.
 * @module
 */
import { query } from "@solidjs/router";
import type { Json } from "./api";
import { orSignIn } from "./http";
import { request } from "./request";

export type PreviewNew = Json<"POST /projects/{project}/sources/preview">;

/** Connected sources, oldest first. */
export const sources = query(
  async (project: string) =>
    orSignIn(await request("GET /projects/{project}/sources", { params: { project } })),
  "sources",
);
/** Vendors that can be connected. */
export const drivers = query(
  async (project: string) =>
    orSignIn(await request("GET /projects/{project}/sources/drivers", { params: { project } })),
  "source-drivers",
);
/** One source with its streams and limits. */
export const source = query(
  async (project: string, source: string) =>
    orSignIn(await request("GET /projects/{project}/sources/{source}", { params: { project, source } })),
  "source",
);
/** Its runs; `cursor` is null for the newest. */
export const runs = query(
  (project: string, source: string, cursor: string | null) =>
    request("GET /projects/{project}/sources/{source}/runs", {
      params: { project, source },
      query: { cursor: cursor ?? undefined },
    }),
  "source-runs",
);
/** Results of its data quality checks. */
export const quality = query(
  (project: string, source: string) =>
    request("GET /projects/{project}/sources/{source}/quality", { params: { project, source } }),
  "source-quality",
);
/** Tables of the project, upstream ones first. */
export const models = query(
  async (project: string) =>
    orSignIn(await request("GET /projects/{project}/models", { params: { project } })),
  "models",
);
/** Notices of the project, newest first. */
export const notices = query(
  (project: string) => request("GET /projects/{project}/notices", { params: { project } }),
  "notices",
);

export const createSource = (project: string, json: Json<"POST /projects/{project}/sources">) =>
  request("POST /projects/{project}/sources", { params: { project }, json });
/** Credentials that are sent replace the stored ones; the API never returns them. */
export const changeSource = (
  project: string,
  source: string,
  json: Json<"PATCH /projects/{project}/sources/{source}">,
) => request("PATCH /projects/{project}/sources/{source}", { params: { project, source }, json });
/** `confirm` is the source's name, as typed. */
export const deleteSource = (project: string, source: string, confirm: string) =>
  request("DELETE /projects/{project}/sources/{source}", { params: { project, source }, query: { confirm } });
/** Returns the address of the vendor's consent page. */
export const startConsent = (project: string, source: string) =>
  request("POST /projects/{project}/sources/{source}/connect", { params: { project, source } });
/** Reads the list of accounts from the vendor again. */
export const checkSource = (project: string, source: string) =>
  request("POST /projects/{project}/sources/{source}/check", { params: { project, source } });
export const syncNow = (project: string, source: string) =>
  request("POST /projects/{project}/sources/{source}/sync", { params: { project, source } });
export const cancelSync = (project: string, source: string) =>
  request("POST /projects/{project}/sources/{source}/cancel", { params: { project, source } });
/** Full re-sync of a stream: builds a second copy and swaps it in when complete. */
export const resetStream = (project: string, source: string, stream: string) =>
  request("POST /projects/{project}/sources/{source}/streams/{stream}/reset", {
    params: { project, source, stream },
  });

/** First rows of a source that is not saved, with a mapping proposed or tried; stores nothing. */
export const previewSource = (project: string, json: PreviewNew) =>
  request("POST /projects/{project}/sources/preview", { params: { project }, json });
/** Rows with a known key are replaced, others added. */
export const uploadTable = (project: string, source: string, text: string) =>
  request("PUT /projects/{project}/sources/{source}/file", {
    params: { project, source },
    text,
    contentType: "text/csv",
  });
