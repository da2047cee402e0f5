/**
 * Tables of a route's parameters and body members.
 * @module
 */
import { html } from "hono/html";
import type { Operation, Parameter } from "./document";
import type { JsonSchema } from "./schema";

/** A parameter, or a member of the body. */
type Field = Omit<Parameter, "in"> & { in: Parameter["in"] | "body" };

/** The top level of a JSON body, described like parameters. */
function bodyFields({ requestBody }: Operation): Field[] {
  const [media] = Object.values(requestBody?.content ?? {});
  const required = media?.schema.required ?? [];
  return Object.entries(media?.schema.properties ?? {}).map(([name, schema]) => ({
    name,
    in: "body",
    required: required.includes(name),
    schema,
  }));
}

/** The inputs of a call as a table; empty when there are none. */
export function fieldTable(operation: Operation) {
  const fields: Field[] = [...operation.parameters, ...bodyFields(operation)];
  if (fields.length === 0) return "";
  return html`<table>
    <thead>
      <tr>
        <th>Name</th>
        <th>In</th>
        <th>Value</th>
      </tr>
    </thead>
    <tbody>
      ${fields.map(
        (field) =>
          html`<tr>
            <td><code>${field.name}</code>${field.required ? " (required)" : ""}</td>
            <td>${field.in}</td>
            <td>${valueWords(field.schema)}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

/** `text, at most 255 characters`, `asc | desc; desc by default`, … */
function valueWords(schema: JsonSchema): string {
  const parts = [
    typeWords(schema),
    schema.minLength !== undefined && `at least ${schema.minLength} characters`,
    schema.maxLength !== undefined && `at most ${schema.maxLength} characters`,
    schema.maxItems !== undefined && `at most ${schema.maxItems} items`,
    schema.default !== undefined && schema.default !== "" && `${JSON.stringify(schema.default)} by default`,
    schema.description,
  ];
  return parts.filter(Boolean).join(", ");
}

const WORDS: Record<string, string> = { string: "text", integer: "whole number", array: "list" };

function typeWords(schema: JsonSchema): string {
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return [...new Set(choices.map(valueWords))].join(" or ");
  if (schema.enum) return schema.enum.join(" | ");
  if (schema.$ref) return "any JSON value";
  const types = [schema.type ?? "anything"].flat().map((type) => WORDS[type] ?? type);
  const of = schema.items ? ` of ${typeWords(schema.items)}` : "";
  return types.join(" or ") + of;
}
