/**
 * A user with a project, and helpers to create content in it.
 */
import { env } from "cloudflare:workers";
import type { Role } from "../../../../schema/wire/organization";
import { makeAccount } from "../../../support/client";

/** An account with a project; calls are made below it. */
export async function makeOwner() {
  const account = await makeAccount();
  const { data } = await account.call("POST", "/api/v1/projects", {
    token: account.token,
    body: { name: "Shop" },
  });
  return inProject(account, data.id, data.organization_id);
}

/** The account's calls about a project. */
export function inProject(
  account: Awaited<ReturnType<typeof makeAccount>>,
  project: string,
  organization: string,
) {
  const to = (root: string) => (method: string, path: string, body?: unknown) =>
    account.call(method, `/api/v1${root}${path}`, { token: account.token, body });
  return {
    account,
    project,
    organization,
    dashboards: to(`/projects/${project}/dashboards`),
    metrics: to(`/organizations/${organization}/metrics`),
    inProject: to(`/projects/${project}`),
    api: to(""),
  };
}
export type Owner = Awaited<ReturnType<typeof makeOwner>>;

/** Another member of the same organization. */
export async function makeColleague({ project, organization }: Owner, role: Role): Promise<Owner> {
  const account = await makeAccount();
  await env.CONTROL.prepare(
    "INSERT INTO members (id, organization_id, user_id, role, created_at) VALUES (?1, ?2, ?3, ?4, ?5)",
  )
    .bind(crypto.randomUUID(), organization, account.user.id, role, Date.now())
    .run();
  return inProject(account, project, organization);
}

export const number = (id: string, query: object) => ({
  id,
  kind: "number",
  title: id,
  place: { x: 0, y: 0, w: 3, h: 2 },
  query,
});

export const formula = (name: string, text: string, more: object = {}) => ({
  name,
  label: name,
  rule: { kind: "formula", formula: text },
  ...more,
});
