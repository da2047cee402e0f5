/**
 * The row groups of merged rows.
 * @module
 */
import { decodeCodes, readPages } from "./chunk-decode.ts";
import { DATASETS, type Dataset } from "./columns.ts";
import type { MergeOrder } from "./merge-order.ts";
import { chunkOf, type MergeSource } from "./merge-source.ts";
import { ColumnLimit, cutGroups, mostBytes } from "./row-groups.ts";
import { TextSource } from "./text.ts";

/** Cuts merged rows into row groups. Columns that fit into one row group as they are in the inputs are not decoded. */
export function mergedGroups(dataset: Dataset, sources: readonly MergeSource[], order: MergeOrder) {
  const limits = Object.entries(DATASETS[dataset].columns).flatMap(([name, spec]) => {
    const most = mostBytes(spec);
    const raw = sources.reduce((sum, { group }) => sum + (group.chunks.get(name)?.rawBytes ?? 0), 0);
    if (most === undefined || raw <= most) return [];
    const limitOf = spec.type === "dictionary" ? dictionaryLimit : textLimit;
    return [limitOf(most, sources, name, order)];
  });
  return cutGroups(order.rows, limits);
}

function textLimit(most: number, sources: readonly MergeSource[], name: string, order: MergeOrder) {
  const lengths = sources.map((source) => textLengths(source, name));
  return new ColumnLimit(most, (row) => lengths[order.sources[row]!]![order.positions[row]!]!);
}

/** Lengths of the texts of a source, a page in memory at a time. */
function textLengths(source: MergeSource, name: string): Uint32Array {
  const lengths = new Uint32Array(source.group.rows);
  const chunk = chunkOf(source, name);
  let row = 0;
  for (const page of chunk ? readPages(chunk.bytes, chunk.codec).pages : []) {
    const texts = new TextSource(page.values());
    for (let i = 0; i < page.rows; i++, row++) {
      if (page.levels?.[i] === 0) continue;
      texts.step();
      lengths[row] = texts.end - texts.start;
    }
  }
  return lengths;
}

/** Values that several inputs have are counted for each. */
function dictionaryLimit(most: number, sources: readonly MergeSource[], name: string, order: MergeOrder) {
  const columns = sources.map((source) => {
    const chunk = chunkOf(source, name);
    if (!chunk) return { codes: undefined, lengths: new Uint32Array(0) };
    const { dictionary, codes } = decodeCodes(chunk.bytes, chunk.codec, source.group.rows);
    // Null is the code after the last entry.
    const lengths = new Uint32Array(dictionary.entries + 1);
    const texts = new TextSource(dictionary.bytes);
    for (let entry = 0; entry < dictionary.entries; entry++) {
      texts.step();
      lengths[entry] = texts.end - texts.start;
    }
    return { codes, lengths };
  });
  const codeOf = (row: number) => columns[order.sources[row]!]!.codes?.[order.positions[row]!] ?? 0;
  return new ColumnLimit(
    most,
    (row) => columns[order.sources[row]!]!.lengths[codeOf(row)] ?? 0,
    (row) => order.sources[row]! * 0x1_0000_0000 + codeOf(row),
  );
}
