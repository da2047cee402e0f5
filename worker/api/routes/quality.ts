/**
 * Data quality of sources, and its notification recipients.
 * @module
 */
import { OpenAPIHono, z } from "@hono/zod-openapi";
import { noticeListSchema, notifySettingsSchema, notifyUpdateSchema } from "../../../schema/wire/notify";
import { qualityOverviewSchema, qualitySchema } from "../../../schema/wire/source";
import { changeNotify, listNotices, readNotify } from "../../outbound/notify";
import { readSource } from "../../sources/connections";
import { readOverview, readQuality } from "../../sources/quality";
import type { AppEnv } from "../context";
import { problem } from "../errors";
import { answers, idParameter, json, route } from "../route";

const tags = ["Sources"];
const place = z.object({ project: idParameter });
const reading = { scope: "content:read", role: "viewer" } as const;
/** Reading and changing who is notified requires the role that connects sources. */
const choosing = { scope: "content:write", role: "admin" } as const;

const quality = route({
  method: "get",
  path: "/projects/{project}/sources/{source}/quality",
  access: reading,
  tags,
  summary: "Data quality of a source",
  description:
    "Newest result of each check, and the score of each UTC day of the last 90. Sources are checked after each sync; " +
    "the vendor's totals are requested once a day, and hourly while a check fails.",
  request: { params: place.extend({ source: idParameter }) },
  responses: answers(200, qualitySchema, "Results of the checks"),
});

const overview = route({
  method: "get",
  path: "/projects/{project}/quality",
  access: reading,
  tags,
  summary: "Data quality of each source of a project",
  request: { params: place },
  responses: answers(200, qualityOverviewSchema, "Oldest source first"),
});

const notices = route({
  method: "get",
  path: "/projects/{project}/notices",
  access: reading,
  tags,
  summary: "Notices of a project",
  request: { params: place },
  responses: answers(
    200,
    noticeListSchema,
    "Open ones, then those resolved in the last 30 days, newest first",
  ),
});

const readTold = route({
  method: "get",
  path: "/projects/{project}/notify",
  access: choosing,
  tags,
  summary: "Who is notified of data quality problems",
  request: { params: place },
  responses: answers(200, notifySettingsSchema, "People, and whether there is a Slack webhook"),
});

const changeTold = route({
  method: "patch",
  path: "/projects/{project}/notify",
  access: choosing,
  tags,
  summary: "Choose who is notified of data quality problems",
  description: "The URL of the webhook is encrypted and never returned.",
  request: { params: place, ...json(notifyUpdateSchema) },
  responses: answers(200, notifySettingsSchema, "The changed settings"),
});

/** Data quality of sources, notices, recipients. */
export const qualityRoutes = new OpenAPIHono<AppEnv>()
  .openapi(quality, async (c) => {
    const source = await readSource(c.env.CONTROL, c.var.project.id, c.req.valid("param").source);
    if (!source) problem("not_found");
    return c.json(await readQuality(c.env.CONTROL, source.id), 200);
  })
  .openapi(overview, async (c) => c.json(await readOverview(c.env.CONTROL, c.var.project.id), 200))
  .openapi(notices, async (c) => {
    const data = await listNotices(c.env.CONTROL, c.var.project.id, Date.now());
    return c.json({ data }, 200);
  })
  .openapi(readTold, async (c) => c.json(await readNotify(c.env.CONTROL, c.var.project.id), 200))
  .openapi(changeTold, async (c) => {
    const refusal = await changeNotify(c.env, c.var.project.id, c.req.valid("json"));
    if (refusal) problem(refusal.code, refusal.detail, refusal.errors);
    return c.json(await readNotify(c.env.CONTROL, c.var.project.id), 200);
  });

/** The routes above as types, for the app's client. */
export type QualityRoute =
  | typeof quality
  | typeof overview
  | typeof notices
  | typeof readTold
  | typeof changeTold;
