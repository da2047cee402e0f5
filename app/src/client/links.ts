/**
 * Public links: made and revoked by those who share, opened by anyone who has the address.
 * @module
 */
import { query } from "@solidjs/router";
import type { Filter } from "../../../schema/wire/filter";
import type { Link, PublicDashboard } from "../../../schema/wire/link";
import type { Range } from "../../../schema/wire/query";
import { call } from "./call";
import { type Answer, answer, apiFetch, orSignIn } from "./http";

const at = (project: string, dashboard: string, rest = "") =>
  `/projects/${encodeURIComponent(project)}/dashboards/${encodeURIComponent(dashboard)}/links${rest}`;
const open = (token: string, rest = "") => `/public/${encodeURIComponent(token)}${rest}`;

export interface NewLink {
  name: string;
  password?: string;
  /** Epoch ms; null: never. */
  expires_at: number | null;
  range?: Range;
  filters?: Filter;
  embed_in: string[];
}

/** Links of a dashboard, newest first, revoked ones too. */
export const links = query(
  async (project: string, dashboard: string) =>
    orSignIn(await call<{ data: Link[] }>("GET", at(project, dashboard))),
  "links",
);
/** Makes a link; the answer holds its token, this once. */
export const createLink = (project: string, dashboard: string, json: NewLink) =>
  call<Link & { token: string }>("POST", at(project, dashboard), json);
export const revokeLink = (project: string, dashboard: string, id: string) =>
  call<undefined>("DELETE", at(project, dashboard, `/${encodeURIComponent(id)}`), {});

/** What a link shows, and the pages that may embed it, which are known before the password is given. */
export interface Opened {
  answer: Answer<PublicDashboard>;
  /** Sources of `frame-ancestors`; empty: none. */
  embedIn: string[];
}

/** Opens a link; `proof` is what `unlockLink` answered, as no cookie reaches a page that others embed. */
export const openLink = query(async (token: string, proof: string | null): Promise<Opened> => {
  let policy: string | null = null;
  const asked = apiFetch(`/api/v1${open(token)}`, { headers: proof ? { "x-unlock": proof } : {} });
  const found = await answer<PublicDashboard>(
    asked.then((response) => {
      policy = response.headers.get("content-security-policy");
      return response;
    }),
  );
  return { answer: found, embedIn: found.ok ? found.data.embed_in : ancestorsIn(policy) };
}, "public-link");

function ancestorsIn(policy: string | null): string[] {
  const sources =
    policy
      ?.match(/frame-ancestors ([^;]+)/)?.[1]
      ?.trim()
      .split(/\s+/) ?? [];
  return sources.filter((source) => source !== "'none'");
}

/** Gives a link's password; the answer holds the proof for `openLink`. */
export const unlockLink = (token: string, password: string) =>
  call<{ unlocked: string; expires_in: number }>("POST", open(token, "/unlock"), { password });
