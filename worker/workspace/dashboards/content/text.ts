/**
 * Documents as text and back, with the line and column of whatever is wrong. The YAML library (46 KB gzip) is loaded by the
 * first request that needs it. JSON is YAML.
 * @module
 */
import type { Document, LineCounter, Node } from "yaml";
import {
  type ContentDocument,
  type ContentFault,
  type ContentFile,
  contentDocumentSchema,
} from "../../../../schema/wire/content";
import { nearest } from "../../../questions/metrics";

/** Documents that a file may hold: a bound on what one request costs. */
const MAX_DOCUMENTS = 2000;

/** A document that was read, and how to say where a part of it stands. */
export interface Read {
  document: ContentDocument;
  /** Line and column of a part, or of the nearest thing around it. */
  at(path: string): ContentFault;
}

/** The documents of a file, or everything that is wrong with its form. */
export async function readFile(file: ContentFile): Promise<{ read: Read[]; faults: ContentFault[] }> {
  const { LineCounter, parseAllDocuments } = await import("yaml");
  const lines = new LineCounter();
  const parsed = parseAllDocuments(file.text, { lineCounter: lines, prettyErrors: false, logLevel: "error" });
  const documents = "empty" in parsed ? [] : parsed.slice(0, MAX_DOCUMENTS);
  const [read, faults]: [Read[], ContentFault[]] = [[], []];
  for (const yaml of documents) {
    const place = placing(file.path, lines, yaml);
    const [broken] = yaml.errors;
    if (broken) {
      const { line, col } = lines.linePos(broken.pos[0]);
      faults.push({ file: file.path, line, column: col, path: "", message: broken.message });
      continue;
    }
    const value = contentOf(yaml);
    if (value === TOO_LARGE) {
      faults.push({ ...place([], ""), message: "Its aliases expand to too much: write things out" });
      continue;
    }
    const isList = Array.isArray(value);
    for (const [i, one] of (isList ? value : [value]).entries()) {
      const prefix = isList ? [String(i)] : [];
      const at = (path: string) => place([...prefix, ...path.split(".").filter(Boolean)], path);
      const found = check(one, at);
      if (Array.isArray(found)) faults.push(...found);
      else read.push({ document: found, at });
    }
  }
  return { read, faults };
}

const TOO_LARGE = Symbol("aliases");

/** What the document says. Aliases expand: a few lines must not become a gigabyte. */
function contentOf(yaml: Document): unknown {
  try {
    return yaml.toJS({ maxAliasCount: 100 });
  } catch (error) {
    if (error instanceof ReferenceError) return TOO_LARGE;
    throw error;
  }
}

/** Says where a part of a document stands. */
function placing(file: string, lines: LineCounter, yaml: Document) {
  return (path: string[], shown: string): ContentFault => {
    for (let length = path.length; length >= 0; length--) {
      const node = yaml.getIn(path.slice(0, length).map(asKey), true) as Partial<Node> | undefined;
      const start = node?.range?.[0];
      if (start === undefined && length > 0) continue;
      const { line, col } = lines.linePos(start ?? yaml.range?.[0] ?? 0);
      return { file, line, column: col, path: shown, message: "" };
    }
    throw new Error("dashboards: a document has a beginning");
  };
}

const asKey = (part: string) => (/^\d+$/.test(part) ? Number(part) : part);

function check(value: unknown, at: Read["at"]): ContentDocument | ContentFault[] {
  const parsed = contentDocumentSchema.safeParse(value);
  if (!parsed.success) {
    return parsed.error.issues.map(({ path, message }) => ({ ...at(path.map(String).join(".")), message }));
  }
  const strays = straysIn(value, parsed.data, []);
  return strays.length ? strays.map(({ path, message }) => ({ ...at(path), message })) : parsed.data;
}

/** Keys that the schema does not know: it passes over them, but a file that has one means something by it. */
function straysIn(given: unknown, known: unknown, path: string[]): { path: string; message: string }[] {
  if (!isObject(given) || !isObject(known)) return [];
  return Object.entries(given).flatMap(([key, value]) => {
    const here = [...path, key];
    if (Object.hasOwn(known, key)) return straysIn(value, known[key], here);
    if (value === undefined) return [];
    const meant = nearest(key, Object.keys(known));
    const hint = meant === undefined ? "" : `; did you mean ${meant}?`;
    return [{ path: here.join("."), message: `There is no key ${key} here${hint}` }];
  });
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null;

/** A document as YAML. `schema`: address of the JSON Schema, for editors. */
export async function writeYaml(document: ContentDocument, schema: string): Promise<string> {
  const { Document } = await import("yaml");
  const yaml = new Document(document, { aliasDuplicateObjects: false });
  yaml.commentBefore = ` yaml-language-server: $schema=${schema}`;
  return yaml.toString({ lineWidth: 110 });
}

/** Where a document is kept in a folder. */
export function pathOf(document: ContentDocument): string {
  return document.kind === "metric" ? `metrics/${document.name}.yaml` : `dashboards/${document.id}.yaml`;
}
