/**
 * Fields for metric definitions, with values of the project's own data.
 * @module
 */
import { OpenAPIHono, z } from "@hono/zod-openapi";
import { AGGREGATIONS, aggregationSchema } from "../../../schema/wire/metric";
import { AGGREGATION_WORDS, findDataset, isUnknown } from "../../questions/metrics";
import { listFields } from "../../questions/query";
import { cachedJson, settingOf, withinLimits } from "../answers";
import type { AppEnv } from "../context";
import { problem } from "../errors";
import { answers, idParameter, route } from "../route";

const fieldSchema = z.object({
  /** Used as the `field` of a rule. */
  name: z.string(),
  label: z.string(),
  description: z.string(),
  /** `number`: nearly all values are numbers. */
  type: z.enum(["number", "string"]),
  unit: z.string().optional(),
  /** Values of the last 30 days. */
  examples: z.array(z.string()),
});

const fields = route({
  method: "get",
  path: "/projects/{project}/metrics/fields",
  access: { scope: "analytics:read", role: "viewer" },
  tags: ["Metrics"],
  summary: "Fields that metrics can aggregate",
  description: "Dimensions, numbers and the properties of the newest events, with example values.",
  request: {
    params: z.object({ project: idParameter }),
    query: z.object({ dataset: z.string().max(64).default("events") }),
  },
  responses: answers(
    200,
    z.object({
      data: z.array(fieldSchema),
      /** Subjects that `unique` counts as the dataset's own metrics do: people and sessions. */
      subjects: z.array(z.string()),
      aggregations: z.array(
        z.object({ name: aggregationSchema, label: z.string(), description: z.string() }),
      ),
    }),
    "The fields",
  ),
});

/** Fields of datasets. */
export const metricFieldRoutes = new OpenAPIHono<AppEnv>().openapi(fields, async (c) => {
  const dataset = findDataset(c.req.valid("query").dataset);
  if (isUnknown(dataset)) {
    return problem(
      "unknown_name",
      `There is no dataset \`${dataset.name}\`; did you mean \`${dataset.nearest}\`?`,
    );
  }
  const setting = await settingOf(c);
  const make = async () => {
    const found = await withinLimits(setting, () =>
      listFields(setting.stores, setting.context, setting.state, dataset),
    );
    const aggregations = AGGREGATIONS.map((name) => ({ name, ...AGGREGATION_WORDS[name] }));
    return { ...found, aggregations };
  };
  return c.json(...(await cachedJson(setting, ["fields", dataset.name], make)));
});

/** The routes above as types, for the app's client. */
export type MetricFieldRoute = typeof fields;
