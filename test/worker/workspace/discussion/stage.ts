/** People of one organization, their project and its dashboards. */
import { env } from "cloudflare:workers";
import { expect } from "vitest";
import { ROLES, type Role } from "../../../../schema/wire/organization";
import { type CallOptions, makeAccount } from "../../../support/client";

type Account = Awaited<ReturnType<typeof makeAccount>>;

/** An account in the organization, with calls below its project. */
export interface Person extends Account {
  id: string;
  name: string;
  ask: (method: string, path: string, body?: unknown, options?: CallOptions) => ReturnType<Account["call"]>;
}

/** A project whose organization has one member per role; `outsider` is not a member. */
export async function makeStage() {
  const owner = await makeAccount();
  const { data } = await owner.call("POST", "/api/v1/projects", {
    token: owner.token,
    body: { name: "Shop" },
  });
  const project: string = data.id;
  const organization: string = data.organization_id;
  const personOf = (account: Account): Person => ({
    ...account,
    id: account.user.id,
    name: account.user.name,
    ask: (method, path, body, options) =>
      account.call(method, `/api/v1/projects/${project}${path}`, { token: account.token, body, ...options }),
  });
  const people = { owner: personOf(owner) } as Record<Role, Person>;
  for (const role of ROLES.filter((role) => role !== "owner")) {
    const account = await makeAccount();
    await env.CONTROL.prepare(
      "INSERT INTO members (id, organization_id, user_id, role, created_at) VALUES (?1, ?2, ?3, ?4, 0)",
    )
      .bind(crypto.randomUUID(), organization, account.user.id, role)
      .run();
    people[role] = personOf(account);
  }
  return { ...people, outsider: personOf(await makeAccount()), project, organization };
}
export type Stage = Awaited<ReturnType<typeof makeStage>>;

/** A dashboard with the widget `signups`; returns its path below the project. */
export async function makeDashboard(
  { project }: Stage,
  maker: Person,
  sharing: "private" | "organization" = "organization",
  name = "Growth",
): Promise<string> {
  const id = crypto.randomUUID();
  const content = { name, widgets: [{ id: "signups", kind: "text", text: "" }] };
  await env.CONTROL.prepare(
    `INSERT INTO dashboards (id, project_id, name, content, mentions, sharing, created_by, created_at, updated_at)
     VALUES (?1, ?2, ?3, ?4, '[]', ?5, ?6, 0, 0)`,
  )
    .bind(id, project, name, JSON.stringify(content), sharing, maker.id)
    .run();
  return `/dashboards/${id}`;
}

/** The expected response. */
export function expectProblem(
  answer: { status: number; data: { code: string } },
  status: number,
  code: string,
) {
  expect([answer.status, answer.data.code]).toEqual([status, code]);
}

/** Bindings whose e-mails are recorded instead of sent, or refused. */
export function mailbox(refusing = false) {
  const sent: { to: string; subject: string; text: string; html: string }[] = [];
  const EMAIL: SendEmail = {
    send: async (message: unknown) => {
      if (refusing) throw new Error("destination address is not verified");
      sent.push(message as (typeof sent)[number]);
      return { messageId: "" };
    },
  };
  return { sent, bindings: { ...env, EMAIL } };
}
