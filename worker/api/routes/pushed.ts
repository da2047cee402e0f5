/**
 * Generic sources: previews of their first rows, file uploads, webhook deliveries.
 * @module
 */
import { OpenAPIHono, z } from "@hono/zod-openapi";
import {
  previewAskSchema,
  previewNewSchema,
  previewSchema,
  pushAnswerSchema,
} from "../../../schema/wire/mapping";
import { readText } from "../../lib/body";
import { notify } from "../../pipeline/live";
import {
  acceptDelivery,
  findSource,
  preview,
  previewSource,
  type StoredSource,
  uploadCsv,
} from "../../sources/connections";
import { storesOf } from "../../tenancy/projects";
import { accepted } from "../actions";
import type { AppEnv } from "../context";
import { problem, unwrap } from "../errors";
import { mayIngest } from "../limit";
import { defer } from "../request-context";
import { answers, idParameter, json, route } from "../route";
import { sourceOf } from "./sources";

const tags = ["Sources"];
/** A sample has a million characters, of three bytes at most. */
const MAX_PREVIEW_BODY = 4_000_000;
const path = "/projects/{project}/sources";
const place = z.object({ project: idParameter });
const MAX_FILE_BYTES = 10 * 1024 * 1024;
const MAX_DELIVERY_BYTES = 1024 * 1024;
/** Period of `LIMIT_INGEST` in wrangler.toml, in seconds. */
const LIMIT_PERIOD = "10";

const look = route({
  method: "post",
  path: `${path}/preview`,
  access: { scope: "content:write", role: "admin" },
  tags,
  summary: "Preview the first rows of an unsaved source",
  description:
    "For an API the first page is requested; for a file or a delivery send a `sample`. Proposes a mapping, or tries " +
    "the given one. Nothing is stored.",
  request: { params: place, ...json(previewNewSchema) },
  maxBody: MAX_PREVIEW_BODY,
  responses: answers(200, previewSchema, "Rows, a mapping and its errors"),
});

const lookAgain = route({
  method: "post",
  path: `${path}/{source}/preview`,
  access: { scope: "content:write", role: "admin" },
  tags,
  summary: "Preview the first rows of a source",
  description: "Like the preview before saving, with the stored keys.",
  request: { params: place.extend({ source: idParameter }), ...json(previewAskSchema) },
  maxBody: MAX_PREVIEW_BODY,
  responses: answers(200, previewSchema, "Rows, a mapping and its errors"),
});

const upload = route({
  method: "put",
  path: `${path}/{source}/file`,
  access: { scope: "content:write", role: "editor" },
  tags,
  summary: "Upload a table",
  description:
    "CSV with a header, as the body. Rows with a known key are replaced, others added; with `replace=true` rows that " +
    "are not in the file are removed. If a row does not fit the mapping, the file is refused.",
  request: {
    params: place.extend({ source: idParameter }),
    query: z.object({ replace: z.enum(["true", "false"]).default("false") }),
    body: { required: true, content: { "*/*": { schema: z.string() } } },
  },
  responses: answers(200, pushAnswerSchema, "What changed"),
});

const deliver = route({
  method: "post",
  path: "/webhooks/{source}",
  access: "signature",
  tags,
  summary: "Deliver records to a webhook source",
  description:
    "Signed as standardwebhooks.com describes: `webhook-id`, `webhook-timestamp` (epoch seconds, at most five minutes " +
    "off) and `webhook-signature`, `v1,` and the Base64 of HMAC-SHA256 over `id.timestamp.body` under the source's " +
    "secret. A delivery of the same `webhook-id` is accepted once.",
  request: {
    params: z.object({ source: idParameter }),
    headers: z.object({
      "webhook-id": z.string().max(200).optional(),
      "webhook-timestamp": z.string().max(64).optional(),
      "webhook-signature": z.string().max(2000).optional(),
    }),
    body: { required: true, content: { "*/*": { schema: z.json() } } },
  },
  responses: answers(202, pushAnswerSchema, "Stored"),
});

function announceSync(env: Env, { id: source, project_id }: StoredSource, at: number): void {
  defer(notify(env, [project_id], { type: "synced", source, at }));
}

/** Everything specific to generic sources. */
export const pushedRoutes = new OpenAPIHono<AppEnv>()
  .openapi(look, async (c) => c.json(accepted(await preview(c.env, c.req.valid("json"))), 200))
  .openapi(lookAgain, async (c) => {
    const source = await sourceOf(c, c.req.valid("param").source);
    return c.json(accepted(await previewSource(c.env, source, c.req.valid("json"))), 200);
  })
  .openapi(upload, async (c) => {
    const now = Date.now();
    const source = await sourceOf(c, c.req.valid("param").source);
    const text = unwrap(await readText(c.req.raw, MAX_FILE_BYTES));
    const replaces = c.req.valid("query").replace === "true";
    const stores = await storesOf(c.env, source.project_id);
    const answer = accepted(await uploadCsv(stores, source, { text, replaces }, now));
    if (answer.changed > 0) announceSync(c.env, source, now);
    return c.json(answer, 200);
  })
  .openapi(deliver, async (c) => {
    const now = Date.now();
    const id = c.req.valid("param").source;
    if (!(await mayIngest(c.env.LIMIT_INGEST, `webhook ${id}`, now)))
      problem("rate_limited", undefined, undefined, { "retry-after": LIMIT_PERIOD });
    const headers = c.req.valid("header");
    const signed = {
      id: headers["webhook-id"] ?? "",
      timestamp: headers["webhook-timestamp"] ?? "",
      signature: headers["webhook-signature"] ?? "",
    };
    const body = unwrap(await readText(c.req.raw, MAX_DELIVERY_BYTES));
    const source = await findSource(c.env.CONTROL, id);
    const stores = await storesOf(c.env, source?.project_id ?? "");
    const answer = accepted(await acceptDelivery(c.env, stores, source, { signed, body }, now));
    if (source && answer.changed > 0) announceSync(c.env, source, now);
    return c.json(answer, 202);
  });

/** The routes above as types, for the app's client. */
export type PushedRoute = typeof look | typeof lookAgain | typeof upload | typeof deliver;
