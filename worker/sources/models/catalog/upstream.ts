/**
 * What marts are made of: streams as they are read, and the common shapes that they are staged in.
 * @module
 */
import { z } from "zod";
import { rateSchema } from "../../../../schema/wire/model";
import * as hubspot from "../../drivers/hubspot/staging";
import * as stripe from "../../drivers/stripe/staging";
import { AD_PLATFORMS } from "../drivers";
import type { Column, DeclaredModel } from "./model";
import { adDayMeanings, adObjectMeanings } from "./shapes";

interface Stream {
  stream: string;
  schema: z.ZodType;
}
const typeSchema = z.object({ type: z.string().optional() });
const propertySchema = typeSchema.extend({ anyOf: z.array(typeSchema).optional() });

/** Columns of a record, from the schema that it was read through. */
function columnsOf(schema: z.ZodType): Column[] {
  const { properties = {} } = z.toJSONSchema(schema, { io: "output", unrepresentable: "any" });
  return Object.entries(properties).map(([name, own]) => {
    const property = propertySchema.safeParse(own).data ?? {};
    const types = (property.anyOf ?? [property]).map(({ type = "json" }) => type);
    const type = types.find((one) => one !== "null") ?? "json";
    return { name, type: NAMES[type] ?? "json", nullable: types.includes("null"), unit: null, meaning: "" };
  });
}

const NAMES: Record<string, string> = {
  string: "text",
  integer: "integer",
  number: "number",
  boolean: "boolean",
};

const sourceModel = (driver: string, { stream, schema }: Stream): DeclaredModel => ({
  name: `${driver}.${stream}`,
  layer: "source",
  description: `Records of the stream ${stream}, in the vendor's own words.`,
  key: [],
  columns: columnsOf(schema),
  from: [],
  tests: [],
});

const stagingModel = (
  driver: string,
  name: string,
  streams: readonly Stream[],
  given: Pick<DeclaredModel, "description" | "columns"> & { key?: string[] },
): DeclaredModel => ({
  name: `${driver}/${name}`,
  layer: "staging",
  key: [],
  from: streams.map(({ stream }) => `${driver}.${stream}`),
  tests: [],
  ...given,
});

const adModels = Object.entries(AD_PLATFORMS).flatMap(([driver, { objects, ads, keywords }]) => [
  ...[...objects, ads, ...(keywords ? [keywords] : [])].map((own) => sourceModel(driver, own)),
  stagingModel(driver, "ad_objects", objects, {
    description: "Accounts, campaigns, ad groups, ads and keywords, each with its own status.",
    columns: adObjectMeanings,
    key: ["account_id", "level", "parent_id", "id"],
  }),
  stagingModel(driver, "ad_days", [ads], {
    description: "What ads did on days, in minor units.",
    columns: adDayMeanings,
    key: ["day", "account_id", "campaign_id", "ad_group_id", "ad_id"],
  }),
  ...(keywords
    ? [
        stagingModel(driver, "keyword_days", [keywords], {
          description: "What keywords did on days, in minor units.",
          columns: adDayMeanings,
          key: ["day", "account_id", "ad_group_id", "keyword_id"],
        }),
      ]
    : []),
]);

const PLAIN: Record<string, readonly [staged: Stream, description: string][]> = {
  hubspot: [
    [hubspot.contacts, "Contacts, with times read and addresses hashed."],
    [hubspot.deals, "Deals, with amounts in minor units."],
    [hubspot.pipelines, "Labels of pipelines and stages."],
  ],
  stripe: [
    [stripe.customers, "Customers, with addresses hashed."],
    [stripe.subscriptions, "Subscriptions, with what they bring a month."],
    [stripe.products, "Names of products."],
    [stripe.prices, "Names of prices."],
  ],
};

const plainModels = Object.entries(PLAIN).flatMap(([driver, streams]) =>
  streams.flatMap(([staged, description]) => [
    sourceModel(driver, staged),
    stagingModel(driver, staged.stream, [staged], { description, columns: [], key: ["id"] }),
  ]),
);

/** Drivers whose sources people describe themselves. */
export const DECLARED = ["http", "csv", "webhook"] as const;

const declaredModels = DECLARED.map(
  (driver): DeclaredModel => ({
    name: `${driver}.records`,
    layer: "source",
    description: "Records with the fields and types that the source's mapping names.",
    key: [],
    columns: [],
    from: [],
    tests: [],
  }),
);

const rates: DeclaredModel = {
  name: "rates",
  layer: "source",
  description: "Euro reference rates; of days without one, the latest before counts.",
  key: ["currency", "day"],
  columns: columnsOf(rateSchema),
  from: [],
  tests: [],
};

/** Source and staging models. */
export const below: readonly DeclaredModel[] = [...adModels, ...plainModels, ...declaredModels, rates];
