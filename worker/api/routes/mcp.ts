/**
 * The Model Context Protocol at /api/mcp: the semantic layer as tools. Streamable HTTP without sessions: each POST is
 * answered on its own; there is no stream.
 * @module
 */
import { OpenAPIHono } from "@hono/zod-openapi";
import type { AppEnv } from "../context";
import { problem } from "../errors";
import { answerSchema, messageSchema, reply, supportsVersion } from "../mcp/rpc";
import { serverFor } from "../mcp/tools";
import { answers, json, route } from "../route";

const call = route({
  method: "post",
  path: "/mcp",
  access: { scope: "analytics:read", over: "account" },
  tags: ["MCP"],
  summary: "A message of the Model Context Protocol",
  description:
    "For assistants: list projects, datasets, metrics and dashboards, query and explain. Configure the client with " +
    "this URL and a personal token with analytics:read and content:read as its bearer token.",
  request: json(messageSchema),
  responses: {
    ...answers(200, answerSchema, "The answer to a request"),
    202: { description: "A notification was accepted" },
  },
});

/** POST /api/mcp; GET is 405, as the specification asks of servers without streams. */
export const mcpRoutes = new OpenAPIHono<AppEnv>().openapi(call, async (c) => {
  if (!supportsVersion(c.req.header("mcp-protocol-version"))) {
    return problem("invalid_request", "This version of the protocol is not supported");
  }
  const answer = await reply(serverFor({ env: c.env, caller: c.var.caller }), c.req.valid("json"));
  return answer ? c.json(answer, 200) : c.body(null, 202);
});
