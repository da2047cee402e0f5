/**
 * Columns of merged rows: codes are renumbered and text is copied as bytes; no rows are built.
 * @module
 */
import { yieldControl } from "../../lib/yield";
import { decodeCodes, readPages } from "./chunk-decode.ts";
import { encodeChunk, TextPages } from "./chunk-encode.ts";
import type { ColumnData } from "./column-data.ts";
import { type ColumnSpec, DATASETS, type Dataset } from "./columns.ts";
import type { EncodedGroup } from "./encode.ts";
import { mergedGroups } from "./merge-groups.ts";
import type { MergeOrder } from "./merge-order.ts";
import { chunkOf, columnOfSource, type MergeSource, openInOrder } from "./merge-source.ts";
import type { EncodedChunk } from "./page.ts";
import { TextSource } from "./text.ts";

/** Encodes merged rows `[start, end)` of one column; called with increasing ranges. */
type ColumnMerger = (start: number, end: number) => EncodedChunk;

/** Encodes all columns in the given order, one column at a time. */
export async function mergeColumns(
  dataset: Dataset,
  sources: readonly MergeSource[],
  order: MergeOrder,
): Promise<EncodedGroup[]> {
  const ranges = mergedGroups(dataset, sources, order);
  const groups = ranges.map(({ start, end }): EncodedGroup => ({ rows: end - start, chunks: [] }));
  for (const [name, spec] of Object.entries(DATASETS[dataset].columns)) {
    const merge = mergerOf(dataset, name, spec, sources, order);
    for (const [index, { start, end }] of ranges.entries()) {
      await yieldControl();
      groups[index]!.chunks.push(merge(start, end));
    }
  }
  return groups;
}

function mergerOf(
  dataset: Dataset,
  name: string,
  spec: ColumnSpec,
  sources: readonly MergeSource[],
  order: MergeOrder,
): ColumnMerger {
  if (spec.type === "dictionary") return dictionaryMerger(name, spec, sources, order);
  if (spec.type === "text" || spec.type === "json") return textMerger(name, spec, sources, order);
  const columns = sources.map((source) => numbersOf(columnOfSource(dataset, source, name)));
  return (start, end) => {
    const values = new Float64Array(end - start);
    for (let row = start; row < end; row++) {
      values[row - start] = columns[order.sources[row]!]![order.positions[row]!]!;
    }
    return encodeChunk(spec, { kind: "number", values });
  };
}

function numbersOf(data: ColumnData): Float64Array {
  if (data.kind !== "number") throw new Error("lake: not a column of numbers");
  return data.values;
}

function dictionaryMerger(
  name: string,
  spec: ColumnSpec,
  sources: readonly MergeSource[],
  order: MergeOrder,
): ColumnMerger {
  const inputOf = openInOrder(sources, (source) => openDictionary(source, name));
  return (start, end) => {
    const dictionary: (string | null)[] = [null];
    const known = new Map<string, number>();
    const codes = new Uint32Array(end - start);
    for (let row = start; row < end; row++) {
      const input = inputOf(order.sources[row]!);
      const code = input.codes ? input.codes[order.positions[row]!]! : input.entries;
      if (code === input.entries) continue;
      const places = input.placesIn(start);
      let merged = places[code]!;
      if (merged === -1) {
        const text = input.text(code);
        merged = known.get(text) ?? dictionary.push(text) - 1;
        known.set(text, merged);
        places[code] = merged;
      }
      codes[row - start] = merged;
    }
    return encodeChunk(spec, { kind: "dictionary", dictionary, codes });
  };
}

/** Codes of a source's column, and its entries undecoded: a merged row group uses only some of them. */
function openDictionary(source: MergeSource, name: string) {
  const chunk = chunkOf(source, name);
  if (!chunk) return { entries: 0, codes: undefined, text: () => "", placesIn: () => new Int32Array(0) };
  const { dictionary, codes } = decodeCodes(chunk.bytes, chunk.codec, source.group.rows);
  const texts = new TextSource(dictionary.bytes);
  const offsets = new Uint32Array(dictionary.entries);
  for (let entry = 0; entry < dictionary.entries; entry++) {
    offsets[entry] = texts.end;
    texts.step();
  }
  const text = (code: number): string => {
    texts.seek(offsets[code]!);
    texts.step();
    return texts.text();
  };
  const places = new Int32Array(dictionary.entries);
  let placedIn = -1;
  /** The codes of the entries in the merged row group that starts at `start`; -1 for those not used yet. */
  const placesIn = (start: number): Int32Array => {
    if (placedIn !== start) places.fill(-1);
    placedIn = start;
    return places;
  };
  return { entries: dictionary.entries, codes, text, placesIn };
}

function textMerger(
  name: string,
  spec: ColumnSpec,
  sources: readonly MergeSource[],
  order: MergeOrder,
): ColumnMerger {
  const cursorOf = openInOrder(sources, (source) => new TextCursor(source, name));
  return (start, end) => {
    const pages = new TextPages(spec, end - start);
    for (let row = start; row < end; row++) {
      pages.add(cursorOf(order.sources[row]!).at(order.positions[row]!));
    }
    return pages.finish();
  };
}

/** Values of a text column in increasing order of rows, one page in memory. */
class TextCursor {
  readonly #pages: ReturnType<typeof readPages>["pages"];
  #page = -1;
  #texts = new TextSource(new Uint8Array(0));
  /** Row of the source at which the current page starts, and rows of it already passed. */
  #pageStart = 0;
  #passed = 0;

  constructor(source: MergeSource, name: string) {
    const chunk = chunkOf(source, name);
    this.#pages = chunk ? readPages(chunk.bytes, chunk.codec).pages : [];
  }

  /** The value of a row, which must not be before the last one requested. */
  at(row: number): TextSource | null {
    if (this.#pages.length === 0) return null;
    while (this.#page < 0 || row >= this.#pageStart + this.#pages[this.#page]!.rows) this.#turn();
    const { levels } = this.#pages[this.#page]!;
    let present = false;
    while (this.#pageStart + this.#passed <= row) {
      present = !levels || levels[this.#passed] === 1;
      if (present) this.#texts.step();
      this.#passed++;
    }
    return present ? this.#texts : null;
  }

  #turn(): void {
    this.#pageStart += this.#pages[this.#page]?.rows ?? 0;
    this.#page++;
    this.#passed = 0;
    this.#texts = new TextSource(this.#pages[this.#page]!.values());
  }
}
