/**
 * Upstream models of the marts: streams as read, and the common shapes they are staged in.
 * @module
 */
import { z } from "zod";
import { rateSchema } from "../../../../schema/wire/model";
import { modelsOfKind } from "../drivers";
import type { Column, DeclaredModel } from "./model";
import { adDayMeanings, adObjectMeanings } from "./shapes";

interface Stream {
  stream: string;
  schema: z.ZodType;
}
const typeSchema = z.object({ type: z.string().optional() });
const propertySchema = typeSchema.extend({ anyOf: z.array(typeSchema).optional() });

/** Columns of a record, derived from its schema. */
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
  description: `Records of the stream ${stream}, with the vendor's field names.`,
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

const adModels = modelsOfKind("ads").flatMap(
  ([
    driver,
    {
      platform: { objects, ads, keywords },
    },
  ]) => [
    ...[...objects, ads, ...(keywords ? [keywords] : [])].map((own) => sourceModel(driver, own)),
    stagingModel(driver, "ad_objects", objects, {
      description: "Accounts, campaigns, ad groups, ads and keywords with their own status.",
      columns: adObjectMeanings,
      key: ["account_id", "level", "parent_id", "id"],
    }),
    stagingModel(driver, "ad_days", [ads], {
      description: "Performance by ad and day, in minor units.",
      columns: adDayMeanings,
      key: ["day", "account_id", "campaign_id", "ad_group_id", "ad_id"],
    }),
    ...(keywords
      ? [
          stagingModel(driver, "keyword_days", [keywords], {
            description: "Performance by keyword and day, in minor units.",
            columns: adDayMeanings,
            key: ["day", "account_id", "ad_group_id", "keyword_id"],
          }),
        ]
      : []),
  ],
);

type Described = readonly [staged: Stream, description: string];

const plainModels = (driver: string, streams: readonly Described[]) =>
  streams.flatMap(([staged, description]) => [
    sourceModel(driver, staged),
    stagingModel(driver, staged.stream, [staged], { description, columns: [], key: ["id"] }),
  ]);

const crmModels = modelsOfKind("crm").flatMap(([driver, { contacts, deals, pipelines }]) =>
  plainModels(driver, [
    [contacts, "Contacts with parsed times and hashed e-mail addresses."],
    [deals, "Deals with amounts in minor units."],
    [pipelines, "Labels of pipelines and stages."],
  ]),
);

const billingModels = modelsOfKind("billing").flatMap(
  ([driver, { customers, subscriptions, products, prices }]) =>
    plainModels(driver, [
      [customers, "Customers with hashed e-mail addresses."],
      [subscriptions, "Subscriptions with their monthly recurring revenue."],
      [products, "Names of products."],
      [prices, "Names of prices."],
    ]),
);

const tableModels = modelsOfKind("tables").map(
  ([driver]): DeclaredModel => ({
    name: `${driver}.records`,
    layer: "source",
    description: "Records with the fields and types of the source's mapping.",
    key: [],
    columns: [],
    from: [],
    tests: [],
  }),
);

const rates: DeclaredModel = {
  name: "rates",
  layer: "source",
  description: "Euro reference rates. A day without a rate uses the latest rate before it.",
  key: ["currency", "day"],
  columns: columnsOf(rateSchema),
  from: [],
  tests: [],
};

/** Source and staging models. */
export const upstream: readonly DeclaredModel[] = [
  ...adModels,
  ...crmModels,
  ...billingModels,
  ...tableModels,
  rates,
];
