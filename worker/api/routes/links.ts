/**
 * Public links: managing them, and viewing a dashboard by its link.
 * @module
 */
import { OpenAPIHono, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { getSignedCookie, setSignedCookie } from "hono/cookie";
import { sign, verify } from "hono/jwt";
import {
  linkCreatedSchema,
  linkCreateSchema,
  linkSchema,
  publicDashboardSchema,
  unlockedSchema,
  unlockSchema,
} from "../../../schema/wire/link";
import { atLeast, hashPassword, secretFor, verifyPassword } from "../../tenancy/accounts";
import type { ProjectContext } from "../../tenancy/projects";
import {
  createLink,
  dashboardOf,
  definitionsOf,
  findLink,
  LEAST_ROLE,
  listLinks,
  listMetrics,
  type OpenLink,
  publicAnswers,
  publicContent,
  publicMeasures,
  publicQuestions,
  ROLLUPS_ONLY,
  readDashboard,
  revokeLink,
  withRules,
} from "../../workspace/dashboards";
import { actorOf, announce } from "../announce";
import { ask, cachedJson, resultsOf, settingOf } from "../answers";
import type { AppEnv, Caller } from "../context";
import { problem } from "../errors";
import { limitAuth } from "../limit";
import { answers, done, idParameter, json, route } from "../route";

const tags = ["Public links"];
const path = "/projects/{project}/dashboards/{dashboard}/links";
const params = z.object({ project: idParameter, dashboard: idParameter });
const writing = { scope: "content:write", role: LEAST_ROLE } as const;

/** Seconds that an entered password is valid. */
const UNLOCKED_SECONDS = 12 * 3600;

const list = route({
  method: "get",
  path,
  access: writing,
  tags,
  summary: "Public links to a dashboard",
  request: { params },
  responses: answers(200, z.object({ data: z.array(linkSchema) }), "Newest first, without tokens"),
});

const create = route({
  method: "post",
  path,
  access: writing,
  tags,
  summary: "Create a public link",
  description:
    "The token gives access to this dashboard only, while you may make links to it. It is returned only once.",
  request: { params, ...json(linkCreateSchema) },
  responses: answers(201, linkCreatedSchema, "The link"),
});

const revoke = route({
  method: "delete",
  path: `${path}/{link}`,
  access: writing,
  tags,
  summary: "Revoke a public link",
  description: "For its author and admins.",
  request: { params: params.extend({ link: idParameter }) },
  responses: done("The link is revoked immediately"),
});

const open = route({
  method: "get",
  path: "/public/{token}",
  access: "link",
  tags,
  summary: "Get a dashboard by its public link",
  description:
    "Uses precomputed data only; groups of fewer than 5 people are folded into `(other)`. A link with a password returns " +
    "`password_required` until `unlock` was called.",
  request: { params: z.object({ token: idParameter.max(128) }) },
  responses: answers(200, publicDashboardSchema, "The dashboard with its numbers"),
});

const unlock = route({
  method: "post",
  path: "/public/{token}/unlock",
  access: "link",
  tags,
  summary: "Unlock a link with its password",
  description:
    "Sets a cookie for twelve hours and returns its value, which can be sent as `X-Unlock` instead.",
  request: { params: z.object({ token: idParameter.max(128) }), ...json(unlockSchema) },
  responses: answers(200, unlockedSchema, "The proof"),
});

/** hono's context is invariant in its variables; this is the part that project routes have. */
interface Ctx {
  env: Env;
  var: { caller: Caller; project: ProjectContext };
}

/** The dashboard of the path, if the caller may see it. */
async function shared(c: Ctx, id: string) {
  const viewer = { project: c.var.project.id, user: c.var.caller.user_id };
  return (await readDashboard(c.env.CONTROL, viewer, id)) ?? problem("not_found");
}

async function openLink({ env }: Pick<Ctx, "env">, token: string): Promise<OpenLink> {
  return (await findLink(env.CONTROL, token, Date.now())) ?? problem("not_found");
}

const cookieName = ({ link }: OpenLink) => `selvedge_link_${link.id}`;

/** A new password invalidates old proofs: they are also signed with its hash. */
const unlockSecret = ({ env }: Pick<Ctx, "env">, { password }: OpenLink) =>
  `${secretFor("link", env.AUTH_SECRET)}:${password}`;

async function isUnlocked<E extends AppEnv>(c: Context<E>, found: OpenLink): Promise<boolean> {
  if (found.password === null) return true;
  const cookie = await getSignedCookie(c, secretFor("link", c.env.AUTH_SECRET), cookieName(found));
  const proof = c.req.header("x-unlock") ?? cookie;
  if (!proof) return false;
  try {
    return (await verify(proof, unlockSecret(c, found), "HS256")).sub === found.link.id;
  } catch {
    return false;
  }
}

/** Sites that may embed the password form, sent where the dashboard itself is not. */
const framing = ({ link: { embed_in } }: OpenLink) => ({
  "content-security-policy": `frame-ancestors ${embed_in.join(" ") || "'none'"}`,
});

/** The public page, cached at the edge until the data changes. */
async function publicPage({ env }: Pick<Ctx, "env">, found: OpenLink) {
  const dashboard = dashboardOf(found.link, found.dashboard);
  const viewer = { organization: found.project.organization_id, user: dashboard.created_by };
  const [setting, rules, metrics] = await Promise.all([
    settingOf({ env, var: { project: found.project } }, `link ${found.link.id}`),
    definitionsOf(env.CONTROL, viewer, dashboard.mentions),
    dashboard.mentions.length > 0 ? listMetrics(env.CONTROL, viewer) : [],
  ]);
  const measures = publicMeasures(dashboard, metrics);
  const questions = Object.entries(publicQuestions(dashboard, rules));
  const queries = Object.fromEntries(questions.map(([name, query]) => [name, withRules(query, rules)]));
  return cachedJson(
    setting,
    ["public", found.link, publicContent(dashboard), measures, queries],
    async () => ({
      dashboard: publicContent(dashboard),
      timezone: setting.context.timezone,
      embed_in: found.link.embed_in,
      measures,
      results: resultsOf(publicAnswers(dashboard, await ask(setting, queries, ROLLUPS_ONLY), rules)),
    }),
  );
}

/** Links of dashboards, and the public's two routes. */
export const linkRoutes = new OpenAPIHono<AppEnv>()
  .openapi(list, async (c) => {
    const { id } = await shared(c, c.req.valid("param").dashboard);
    return c.json({ data: await listLinks(c.env.CONTROL, id) }, 200);
  })
  .openapi(create, async (c) => {
    const dashboard = await shared(c, c.req.valid("param").dashboard);
    const { password, ...wanted } = c.req.valid("json");
    const hash = password === undefined ? null : await hashPassword(password);
    const by = { user: c.var.caller.user_id, now: Date.now() };
    const link = await createLink(c.env.CONTROL, dashboard.id, { ...wanted, password: hash }, by);
    announce(c.env, actorOf(c), { feed: { kind: "link_created", ...link, sharing: dashboard.sharing } });
    return c.json(link, 201);
  })
  .openapi(revoke, async (c) => {
    const { dashboard, link } = c.req.valid("param");
    const { id, sharing } = await shared(c, dashboard);
    const author = atLeast(c.var.role, "admin") ? null : c.var.caller.user_id;
    const revoked = await revokeLink(c.env.CONTROL, id, link, { author, now: Date.now() });
    if (!revoked) return problem("not_found");
    announce(c.env, actorOf(c), { feed: { kind: "link_revoked", ...revoked, sharing } });
    return c.body(null, 204);
  })
  .openapi(open, async (c) => {
    const found = await openLink(c, c.req.valid("param").token);
    if (!(await isUnlocked(c, found)))
      return problem("password_required", undefined, undefined, framing(found));
    return c.json(...(await publicPage(c, found)));
  })
  .openapi(unlock, async (c) => {
    const found = await openLink(c, c.req.valid("param").token);
    await limitAuth(c, "unlock", found.link.id);
    const { password } = c.req.valid("json");
    if (found.password === null || !(await verifyPassword(password, found.password))) {
      return problem("invalid_credentials", "The password is wrong");
    }
    const exp = Math.floor(Date.now() / 1000) + UNLOCKED_SECONDS;
    const unlocked = await sign({ sub: found.link.id, exp }, unlockSecret(c, found), "HS256");
    await setSignedCookie(c, cookieName(found), unlocked, secretFor("link", c.env.AUTH_SECRET), {
      path: "/",
      httpOnly: true,
      sameSite: "Lax",
      secure: new URL(c.req.url).protocol === "https:",
      maxAge: UNLOCKED_SECONDS,
    });
    return c.json({ unlocked, expires_in: UNLOCKED_SECONDS }, 200);
  });

/** The routes above as types, for the app's client. */
export type LinkRoute = typeof list | typeof create | typeof revoke | typeof open | typeof unlock;
