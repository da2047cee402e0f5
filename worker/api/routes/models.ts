/**
 * Models: the datasets built from sources, their lineage and test results.
 * @module
 */
import { OpenAPIHono, z } from "@hono/zod-openapi";
import { modelListSchema } from "../../../schema/wire/model";
import { describeModels, modelStoresOf, testModels } from "../../sources/models";
import type { AppEnv } from "../context";
import { answers, idParameter, route } from "../route";

const tags = ["Models"];
const params = z.object({ project: idParameter });

const list = route({
  method: "get",
  path: "/projects/{project}/models",
  access: { scope: "content:read", role: "viewer" },
  tags,
  summary: "Models",
  description:
    "Columns with their meaning, the inputs of each model, until when it is complete, and its latest test results.",
  request: { params },
  responses: answers(200, modelListSchema, "Inputs before the models that use them"),
});

const test = route({
  method: "post",
  path: "/projects/{project}/models/test",
  access: { scope: "content:write", role: "editor" },
  tags,
  summary: "Test the models now",
  description: "Otherwise they are tested every night.",
  request: { params },
  responses: answers(200, modelListSchema, "The models with their test results"),
});

/** `GET …/models`, `POST …/models/test`. */
export const modelRoutes = new OpenAPIHono<AppEnv>()
  .openapi(list, async (c) => {
    const { id } = c.var.project;
    return c.json({ data: await describeModels(await modelStoresOf(c.env, id), id) }, 200);
  })
  .openapi(test, async (c) => {
    const { id } = c.var.project;
    const stores = await modelStoresOf(c.env, id);
    await testModels(stores, id, Date.now());
    return c.json({ data: await describeModels(stores, id) }, 200);
  });

/** The routes above as types, for the app's client. */
export type ModelRoute = typeof list | typeof test;
