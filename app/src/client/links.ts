/**
 * Public links of dashboards: created and revoked by editors, opened by anyone who has the address.
 * @module
 */
import { query } from "@solidjs/router";
import type { PublicDashboard } from "../../../schema/wire/link";
import type { Json } from "./api";
import { type Answer, answer, orSignIn } from "./http";
import { request, send } from "./request";

export type NewLink = Json<"POST /projects/{project}/dashboards/{dashboard}/links">;

/** Links of a dashboard, newest first, including revoked ones. */
export const links = query(
  async (project: string, dashboard: string) =>
    orSignIn(
      await request("GET /projects/{project}/dashboards/{dashboard}/links", {
        params: { project, dashboard },
      }),
    ),
  "links",
);
/** Creates a link; only this answer contains its token. */
export const createLink = (project: string, dashboard: string, json: NewLink) =>
  request("POST /projects/{project}/dashboards/{dashboard}/links", { params: { project, dashboard }, json });
export const revokeLink = (project: string, dashboard: string, link: string) =>
  request("DELETE /projects/{project}/dashboards/{dashboard}/links/{link}", {
    params: { project, dashboard, link },
  });

/** The dashboard of a link, and the pages that may embed it, which are known before the password is given. */
export interface OpenedLink {
  answer: Answer<PublicDashboard>;
  /** Sources of `frame-ancestors`; empty: no page. */
  embedIn: string[];
}

/** Opens a link; `proof` is the `unlocked` of `unlockLink`, as pages that others embed get no cookies. */
export const openLink = query(async (token: string, proof: string | null): Promise<OpenedLink> => {
  let policy: string | null = null;
  const response = send("GET /public/{token}", {
    params: { token },
    headers: proof ? { "x-unlock": proof } : {},
  });
  const opened = await answer<PublicDashboard>(
    response.then((reply) => {
      policy = reply.headers.get("content-security-policy");
      return reply;
    }),
  );
  return { answer: opened, embedIn: opened.ok ? opened.data.embed_in : ancestorsIn(policy) };
}, "public-link");

function ancestorsIn(policy: string | null): string[] {
  const sources = policy?.match(/frame-ancestors ([^;]+)/)?.[1]?.trim();
  return sources?.split(/\s+/).filter((source) => source !== "'none'") ?? [];
}

/** Sends a link's password; the answer contains the proof for `openLink`. */
export const unlockLink = (token: string, password: string) =>
  request("POST /public/{token}/unlock", { params: { token }, json: { password } });
