/**
 * Parses and prints documents; faults have a line and column. The YAML library (46 KB gzip) is loaded by the first request
 * that needs it. JSON is YAML.
 * @module
 */
import type { Document, LineCounter, Node } from "yaml";
import {
  type ContentDocument,
  type ContentFault,
  type ContentFile,
  contentDocumentSchema,
} from "../../../../schema/wire/content";
import { fieldErrors } from "../../../lib/refusal";

/** Maximum number of documents of a file, which limits the cost of a request. */
const MAX_DOCUMENTS = 2000;

/** A parsed document, and the positions of its parts. */
export interface Read {
  document: ContentDocument;
  /** Line and column of a part, or of the closest part that contains it. */
  at(path: string): ContentFault;
}

/** Parses the documents of a file. Returns its faults. */
export async function readFile(file: ContentFile): Promise<{ read: Read[]; faults: ContentFault[] }> {
  const { isMap, isScalar, isSeq, LineCounter, parseAllDocuments } = await import("yaml");
  const lines = new LineCounter();
  // The library compares each key with all others of its map; `repeatedKey` needs one pass.
  const options = { lineCounter: lines, prettyErrors: false, logLevel: "error", uniqueKeys: false } as const;
  const parsed = parseAllDocuments(file.text, options);
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
    const repeated = repeatedKey(yaml.contents, { isMap, isScalar, isSeq });
    if (repeated) {
      const { line, col } = lines.linePos(repeated.offset);
      const message = `The key \`${repeated.name}\` is there twice`;
      faults.push({ file: file.path, line, column: col, path: "", message });
      continue;
    }
    const value = contentOf(yaml);
    if (value === TOO_LARGE) {
      faults.push({
        ...place([], ""),
        message: "The aliases expand to too many nodes: write the values out",
      });
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

/** The first key that a map has twice, and its offset in the file. */
function repeatedKey(
  node: unknown,
  { isMap, isScalar, isSeq }: Kinds,
): { name: string; offset: number } | null {
  if (isSeq(node)) {
    for (const item of node.items) {
      const found = repeatedKey(item, { isMap, isScalar, isSeq });
      if (found) return found;
    }
  }
  if (!isMap(node)) return null;
  const names = new Set<unknown>();
  for (const { key, value } of node.items) {
    const name = isScalar(key) ? key.value : key;
    if (names.has(name)) return { name: String(name), offset: isScalar(key) ? (key.range?.[0] ?? 0) : 0 };
    names.add(name);
    const found = repeatedKey(value, { isMap, isScalar, isSeq });
    if (found) return found;
  }
  return null;
}

type Kinds = Pick<typeof import("yaml"), "isMap" | "isScalar" | "isSeq">;

const TOO_LARGE = Symbol("aliases");

/** Returns the value of a document. The expansion of aliases is limited. */
function contentOf(yaml: Document): unknown {
  try {
    return yaml.toJS({ maxAliasCount: 100 });
  } catch (error) {
    if (error instanceof ReferenceError) return TOO_LARGE;
    throw error;
  }
}

/** Returns a function that locates a part of a document. */
function placing(file: string, lines: LineCounter, yaml: Document) {
  return (path: string[], shown: string): ContentFault => {
    for (let length = path.length; length >= 0; length--) {
      const node = yaml.getIn(path.slice(0, length).map(asKey), true) as Partial<Node> | undefined;
      const start = node?.range?.[0];
      if (start === undefined && length > 0) continue;
      const { line, col } = lines.linePos(start ?? yaml.range?.[0] ?? 0);
      return { file, line, column: col, path: shown, message: "" };
    }
    throw new Error("dashboards: a document without a position");
  };
}

const asKey = (part: string) => (/^\d+$/.test(part) ? Number(part) : part);

function check(value: unknown, at: Read["at"]): ContentDocument | ContentFault[] {
  const parsed = contentDocumentSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  return fieldErrors(parsed.error).map(({ path, message }) => ({ ...at(path), message }));
}

/** Prints a document as YAML. `schema`: URL of the JSON Schema, for editors. */
export async function writeYaml(document: ContentDocument, schema: string): Promise<string> {
  const { Document } = await import("yaml");
  const yaml = new Document(document, { aliasDuplicateObjects: false });
  yaml.commentBefore = ` yaml-language-server: $schema=${schema}`;
  return yaml.toString({ lineWidth: 110 });
}

/** Path of a document in a folder. */
export function pathOf(document: ContentDocument): string {
  return document.kind === "metric" ? `metrics/${document.name}.yaml` : `dashboards/${document.id}.yaml`;
}
