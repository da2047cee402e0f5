/**
 * zod → JSON Schema (draft 2020-12, which OpenAPI 3.1 embeds), with recursive parts moved to components.
 * zod's own generator is used because zod-openapi's does not terminate on recursive schemas such as `z.json()`.
 * @module
 */
import { type ZodType, z } from "zod";

/** The parts of a JSON Schema that the description and its examples read; the rest is copied. */
export interface JsonSchema {
  type?: string | string[];
  format?: string;
  description?: string;
  default?: unknown;
  examples?: unknown[];
  enum?: unknown[];
  const?: unknown;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  items?: JsonSchema;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  additionalProperties?: JsonSchema | boolean;
  $ref?: string;
  [keyword: string]: unknown;
}

/** The part of zod's output that is read. */
interface Wrapped {
  properties: { root: JsonSchema };
  $defs?: Record<string, JsonSchema>;
}

/** Collects the recursive parts of the schemas it converts. */
export class Components {
  readonly schemas: Record<string, JsonSchema> = {};
  #names = new Map<string, string>();

  /** `input`: what a caller sends; `output`: what it receives. What JSON Schema cannot express becomes "anything". */
  convert(schema: ZodType, io: "input" | "output"): JsonSchema {
    // Inside an object a schema that refers to itself becomes a definition instead of `#`.
    const wrapped = z.toJSONSchema(z.object({ root: schema }), { io, unrepresentable: "any" });
    let json = JSON.stringify(wrapped);
    const { $defs = {} }: Wrapped = JSON.parse(json);
    const names = Object.entries($defs).map(([local, part]) => [local, this.#nameOf(part)] as const);
    for (const [local, name] of names) {
      json = json.replaceAll(`"#/$defs/${local}"`, `"#/components/schemas/${name}"`);
    }
    const renamed: Wrapped = JSON.parse(json);
    for (const [local, name] of names) this.schemas[name] ??= renamed.$defs?.[local] ?? {};
    return renamed.properties.root;
  }

  /** Definitions are numbered again in each conversion; equal ones share a component. */
  #nameOf(part: JsonSchema): string {
    const key = JSON.stringify(part);
    const name = this.#names.get(key) ?? `Shape${this.#names.size + 1}`;
    this.#names.set(key, name);
    return name;
  }
}
