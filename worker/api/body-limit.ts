/**
 * Limits of JSON bodies, applied before the body is parsed.
 * @module
 */
import type { MiddlewareHandler } from "hono";
import { readText } from "../lib/body";
import { guardJson } from "../lib/json-guard";
import { unwrap } from "./errors";

/** Bytes of a JSON body, unless its route states another limit. */
export const MAX_JSON_BODY = 64 * 1024;

/** Reads a JSON body up to `maxBytes` and checks its nesting, so that validators see bounded input only. */
export function limitJsonBody(maxBytes: number): MiddlewareHandler {
  return async (c, next) => {
    const length = c.req.header("content-length");
    const text = unwrap(await readText(c.req.raw, maxBytes, length === undefined ? null : Number(length)));
    unwrap(guardJson(text));
    // What hono reads later comes from here. It stores promises, other than its types say.
    Object.assign(c.req.bodyCache, { text: Promise.resolve(text) });
    await next();
  };
}
