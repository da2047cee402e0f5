/**
 * The MCP tools: queries and content, with the caller's permissions and the same functions as the API.
 * @module
 */
import { z } from "zod";
import { resultsRequestSchema } from "../../../schema/wire/dashboard";
import type { Scope } from "../../../schema/wire/project";
import { querySchema } from "../../../schema/wire/query";
import { fieldErrors } from "../../lib/refusal";
import { catalog } from "../../questions/metrics";
import { explain, isRefusal } from "../../questions/query";
import { findProject, listProjects } from "../../tenancy/projects";
import {
  listDashboards,
  listMetrics,
  questionsOf,
  readDashboard,
  settingWith,
  shown,
  shownMetric,
} from "../../workspace/dashboards";
import { ask, defined, refuse, resultOf, resultsOf, settingOf } from "../answers";
import { demandRole } from "../auth";
import type { Caller } from "../context";
import { ProblemError, problem } from "../errors";
import type { Server, ToolResult } from "./rpc";

/** Most projects in a list. */
const MAX_PROJECTS = 200;

/** The caller and the deployment. */
interface Calling {
  env: Env;
  caller: Caller;
}

interface Described {
  name: string;
  title: string;
  description: string;
}
type Tool = Described & {
  inputSchema: () => object;
  call: (calling: Calling, given: Record<string, unknown>) => Promise<object>;
};

/** Declares a tool. Its arguments are checked before it runs. */
function tool<I extends z.ZodObject>({
  scope,
  input,
  run,
  ...described
}: Described & {
  scope: Scope;
  input: I;
  run: (calling: Calling, given: z.output<I>) => Promise<object>;
}): Tool {
  return {
    ...described,
    inputSchema: () => z.toJSONSchema(input, { io: "input" }),
    call: async (calling, given) => {
      demandScope(calling.caller, scope);
      const parsed = input.safeParse(given);
      if (parsed.success) return run(calling, parsed.data);
      return problem("arguments_invalid", "The arguments are not valid", fieldErrors(parsed.error));
    },
  };
}

/** Returns the project, if the caller is a member of its organization. One of others is refused as if it did not exist. */
async function openProject({ env, caller }: Calling, id: string) {
  const found = await findProject(env.CONTROL, id);
  const isMember = found !== null && Object.hasOwn(caller.roles, found.organization_id);
  const project = isMember ? found : problem("not_found", "There is no such project");
  demandRole(caller, project.organization_id, "viewer");
  const viewer = { organization: project.organization_id, project: id, user: caller.user_id };
  return { scope: { env, var: { project, caller } }, viewer };
}

const project = z.string().describe("Id of a project, from list_projects");

const TOOLS: readonly Tool[] = [
  tool({
    name: "list_projects",
    title: "Projects",
    description: "Lists the projects that can be queried, with their time zones.",
    scope: "analytics:read",
    input: z.object({}),
    async run({ env, caller }) {
      const page = { after: "", limit: MAX_PROJECTS, now: Date.now() };
      const found = await listProjects(env, Object.keys(caller.roles), page);
      return { projects: found.map(({ id, name, domain, timezone }) => ({ id, name, domain, timezone })) };
    },
  }),
  tool({
    name: "list_datasets",
    title: "Datasets",
    description: "Lists the datasets with their metrics and dimensions, each with a description.",
    scope: "analytics:read",
    input: z.object({}),
    run: async () => catalog(),
  }),
  tool({
    name: "list_metrics",
    title: "Defined metrics",
    description:
      "Lists the metrics that the project's organization has defined. Use them in queries as metric:<name>.",
    scope: "content:read",
    input: z.object({ project }),
    async run(calling, given) {
      const { viewer } = await openProject(calling, given.project);
      return { metrics: (await listMetrics(calling.env.CONTROL, viewer)).map(shownMetric) };
    },
  }),
  tool({
    name: "query",
    title: "Query",
    description:
      "Runs a query. Use the names of list_datasets, metric:<name> and property:<key>. For an unknown name the error " +
      "suggests the most similar one. Results have units, totals and metadata about the data read.",
    scope: "analytics:read",
    input: z.object({ project, query: querySchema }),
    async run(calling, given) {
      const { scope } = await openProject(calling, given.project);
      const [setting, queries] = await Promise.all([
        settingOf(scope),
        defined(scope, { query: given.query }),
      ]);
      return resultOf((await ask(setting, queries)).query);
    },
  }),
  tool({
    name: "explain",
    title: "Explain a query",
    description: "Reports what a query would read, from which store and why, and its cost.",
    scope: "analytics:read",
    input: z.object({ project, query: querySchema }),
    async run(calling, given) {
      const { scope } = await openProject(calling, given.project);
      const [{ stores, context, state }, { query }] = await Promise.all([
        settingOf(scope),
        defined(scope, { query: given.query }),
      ]);
      const found = await explain(stores.db, context, query, state);
      return isRefusal(found) ? refuse(found) : found;
    },
  }),
  tool({
    name: "list_dashboards",
    title: "Dashboards",
    description: "The dashboards of a project.",
    scope: "content:read",
    input: z.object({ project }),
    async run(calling, given) {
      const { viewer } = await openProject(calling, given.project);
      return { dashboards: await listDashboards(calling.env.CONTROL, viewer) };
    },
  }),
  tool({
    name: "read_dashboard",
    title: "Read a dashboard",
    description: "A dashboard with the numbers of its widgets.",
    scope: "content:read",
    input: resultsRequestSchema
      .omit({ widgets: true })
      .extend({ project, dashboard: z.string().describe("Id of a dashboard, from list_dashboards") }),
    async run(calling, { project: id, dashboard: wanted, ...instead }) {
      demandScope(calling.caller, "analytics:read");
      const { scope, viewer } = await openProject(calling, id);
      const found = await readDashboard(calling.env.CONTROL, viewer, wanted);
      const dashboard = found ?? problem("not_found", `There is no dashboard ${wanted}`);
      const queries = questionsOf(dashboard, settingWith(dashboard, instead));
      const [setting, whole] = await Promise.all([settingOf(scope), defined<string>(scope, queries)]);
      return { dashboard: shown(dashboard), results: resultsOf(await ask(setting, whole)) };
    },
  }),
];

function demandScope(caller: Caller, scope: Scope): void {
  if (!caller.scopes.includes(scope)) problem("insufficient_scope", `The token lacks ${scope}`);
}

/** Input schemas as JSON Schema, computed once. */
let listed: Server["tools"] | undefined;

/** The server for one caller. */
export function serverFor(calling: Calling): Server {
  listed ??= TOOLS.map(({ name, title, description, inputSchema }) => ({
    ...{ name, title, description, inputSchema: inputSchema() },
    annotations: { readOnlyHint: true },
  }));
  return {
    instructions:
      "Start with list_projects and list_datasets. Anonymous visitors count once a day, so visitors of several days " +
      "are sums of days; each metric's description says how it counts. State the range and the time zone with every " +
      "number.",
    tools: listed,
    call: async (name, given) => {
      const found = TOOLS.find((one) => one.name === name);
      return found ? resultOfCall(() => found.call(calling, given)) : null;
    },
  };
}

/** A refusal is a result that the model can act on; other errors are rethrown. */
async function resultOfCall(run: () => Promise<object>): Promise<ToolResult> {
  try {
    const found = { ...(await run()) };
    return { content: [{ type: "text", text: JSON.stringify(found) }], structuredContent: found };
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    const { code, message, errors } = error;
    const text = JSON.stringify({ code, message, errors });
    return { content: [{ type: "text", text }], isError: true };
  }
}
