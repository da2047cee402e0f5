/**
 * The Model Context Protocol for a server of tools without sessions: JSON-RPC 2.0 over single POSTs.
 * https://modelcontextprotocol.io/specification/2025-11-25/basic/transports
 * @module
 */
import { z } from "zod";

/** Newest first. The parts used here are the same in all. */
const VERSIONS = ["2025-11-25", "2025-06-18", "2025-03-26"] as const;

/** A message of a client: a request when it has an `id`, else a notification or an unexpected response. */
export const messageSchema = z.looseObject({
  jsonrpc: z.literal("2.0"),
  id: z.union([z.string().max(255), z.number().int()]).optional(),
  method: z.string().max(128).optional(),
  params: z.looseObject({}).optional(),
});
export type Message = z.infer<typeof messageSchema>;

/** A response: `result` or `error`. */
export const answerSchema = z.looseObject({
  jsonrpc: z.literal("2.0"),
  id: z.union([z.string(), z.number()]).nullable(),
});
type RpcAnswer = z.infer<typeof answerSchema>;

/** The result of a tool call; `isError` is for the model to read. */
export interface ToolResult {
  content: { type: "text"; text: string }[];
  structuredContent?: Record<string, unknown>;
  isError?: boolean;
}

/** The server's functions. */
export interface Server {
  instructions: string;
  tools: readonly { name: string; title: string; description: string; inputSchema: object }[];
  /** Null when there is no such tool. */
  call(name: string, given: Record<string, unknown>): Promise<ToolResult | null>;
}

/** Whether a version named in a request's header is supported. */
export function supportsVersion(version: string | undefined): boolean {
  return version === undefined || VERSIONS.some((known) => known === version);
}

/** Codes of JSON-RPC 2.0, section 5.1. */
const METHOD_NOT_FOUND = -32601;
const INVALID_PARAMS = -32602;

/** The response to a message; null for what is not a request. */
export async function reply(server: Server, { id, method, params = {} }: Message): Promise<RpcAnswer | null> {
  if (id === undefined || method === undefined) return null;
  const result = (value: object) => ({ jsonrpc: "2.0", id, result: value }) as const;
  const error = (code: number, message: string) =>
    ({ jsonrpc: "2.0", id, error: { code, message } }) as const;
  switch (method) {
    case "initialize": {
      const asked = VERSIONS.find((version) => version === params.protocolVersion);
      return result({
        protocolVersion: asked ?? VERSIONS[0],
        capabilities: { tools: {} },
        serverInfo: { name: "selvedge", title: "Selvedge", version: "1" },
        instructions: server.instructions,
      });
    }
    case "ping":
      return result({});
    case "tools/list":
      return result({ tools: server.tools });
    case "tools/call": {
      const called = callSchema.safeParse(params);
      if (!called.success) return error(INVALID_PARAMS, "Expected the name of a tool and its arguments");
      const { name, arguments: given } = called.data;
      const found = await server.call(name, given);
      return found ? result(found) : error(INVALID_PARAMS, `There is no tool ${name}`);
    }
    default:
      return error(METHOD_NOT_FOUND, `There is no method ${method}`);
  }
}

const callSchema = z.looseObject({
  name: z.string(),
  arguments: z.record(z.string(), z.unknown()).default({}),
});
