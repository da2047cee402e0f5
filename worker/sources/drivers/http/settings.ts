/**
 * Settings of an HTTP API.
 * @module
 */
import { z } from "zod";
import { mappingSchema } from "../../../../schema/wire/mapping";
import type { SourceField } from "../../../../schema/wire/source";

const short = z.string().trim().max(200).default("");
export const httpSettingsSchema = z.strictObject({
  url: z.url({ protocol: /^https?$/ }).max(2000),
  auth: z.enum(["none", "bearer", "header", "basic"]).default("none"),
  header_name: z
    .string()
    .regex(/^[\w-]{0,100}$/, "Letters, digits and - only.")
    .default(""),
  records_path: short,
  paging: z.enum(["none", "page", "offset", "cursor", "link"]).default("none"),
  page_parameter: short,
  size_parameter: short,
  page_size: z.number().int().min(0).max(10_000).default(0),
  cursor_path: short,
  since_parameter: short,
  since_path: short,
  mapping: mappingSchema.nullable().default(null),
});
export type HttpSettings = z.output<typeof httpSettingsSchema>;

const text = (name: string, label: string, help: string, placeholder?: string): SourceField => ({
  name,
  label,
  help,
  kind: "text",
  required: false,
  ...(placeholder && { placeholder }),
});
const choice = (value: string, label: string) => ({ value, label });

export const HTTP_FIELDS: readonly SourceField[] = [
  {
    name: "url",
    label: "URL",
    help: "URL of the first page, with its query string. It must return JSON.",
    kind: "url",
    required: true,
    placeholder: "https://api.example.com/v1/orders",
  },
  {
    name: "auth",
    label: "Authentication",
    help: "How the key is sent.",
    kind: "choice",
    required: false,
    choices: [
      choice("none", "No key"),
      choice("bearer", "Authorization: Bearer"),
      choice("header", "Custom header"),
      choice("basic", "User and password"),
    ],
  },
  text("header_name", "Header", "Name of the custom header.", "X-API-Key"),
  text(
    "records_path",
    "Path to the list",
    "Path in the response. Empty when the response is the list.",
    "data.items",
  ),
  {
    name: "paging",
    label: "Pagination",
    help: "How the next page is requested.",
    kind: "choice",
    required: false,
    choices: [
      choice("none", "One page"),
      choice("page", "By number"),
      choice("offset", "By offset"),
      choice("cursor", "By cursor"),
      choice("link", "By Link header"),
    ],
  },
  text(
    "page_parameter",
    "Page parameter",
    "Name of the query parameter. Default: page, offset or cursor.",
    "page",
  ),
  text("size_parameter", "Size parameter", "Query parameter for the page size, if the API has one.", "limit"),
  {
    name: "page_size",
    label: "Page size",
    help: "A shorter page is the last one. Leave empty to read until the first empty page.",
    kind: "number",
    required: false,
  },
  text(
    "cursor_path",
    "Path to the cursor",
    "Path in the response, for pagination by cursor.",
    "meta.next_cursor",
  ),
  text(
    "since_parameter",
    "Since parameter",
    "Query parameter that requests only changed records.",
    "updated_since",
  ),
  text(
    "since_path",
    "Change time",
    "Path in a record. The latest value is sent with the next sync.",
    "updated_at",
  ),
];
