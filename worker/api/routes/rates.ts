/**
 * Euro reference rates. They belong to the deployment, so its operator stores them, with a separate token.
 * @module
 */
import { OpenAPIHono, z } from "@hono/zod-openapi";
import { rateListSchema, ratesPutSchema } from "../../../schema/wire/model";
import { listRates, saveRates } from "../../sources/models";
import type { AppEnv } from "../context";
import { answers, json, route } from "../route";

const tags = ["Models"];

const list = route({
  method: "get",
  path: "/rates",
  access: { scope: "content:read", over: "account" },
  tags,
  summary: "Days with euro reference rates",
  responses: answers(200, rateListSchema, "By currency"),
});

const put = route({
  method: "put",
  path: "/rates",
  access: "operator",
  tags,
  summary: "Store euro reference rates",
  description:
    "For the operator of the deployment: the bearer token is its secret `OPERATOR_TOKEN`. `npm run rates` reads the " +
    "ECB's files. Amounts are converted again at the next sync.",
  request: json(ratesPutSchema),
  // 5,000 rates of at most 100 bytes.
  maxBody: 500_000,
  responses: answers(200, z.object({ changed: z.number().int() }), "Number of new and changed rates"),
});

/** `GET` and `PUT /rates`. */
export const rateRoutes = new OpenAPIHono<AppEnv>()
  .openapi(list, async (c) => c.json({ data: await listRates(c.env.CONTROL) }, 200))
  .openapi(put, async (c) =>
    c.json({ changed: await saveRates(c.env.CONTROL, c.req.valid("json").rates) }, 200),
  );
