/**
 * Finds the session of an event: by the hash of its key, then by time.
 * @module
 */
import { hashOf } from "../../../../pipeline/rollup";
import type { Value } from "../../parse/filter";
import { type Coded, type ColumnView, Interner } from "./coded";
import { HashIndex } from "./hash-index";

/** Key of an anonymous visitor or of one with a `distinct_id`; see worker/pipeline/rollup/session.ts. */
const visitorKey = (id: string) => hashOf(`v${id}`);
const sessionKey = (id: string) => hashOf(`s${id}`);

export class SessionIndex {
  /** Hash of a key → index of its latest session; `#before` has the one before it. */
  readonly #latest = new HashIndex();
  readonly #before: number[] = [];
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];
  readonly #identities: number[] = [];
  readonly #attributes: Map<string, { interner: Interner; codes: number[] }>;

  constructor(columns: readonly string[]) {
    this.#attributes = new Map(columns.map((name) => [name, { interner: new Interner(), codes: [] }]));
  }

  get size(): number {
    return this.#starts.length;
  }

  /** Adds the current rows of a batch of sessions. Returns the index of each row, -1 for outdated ones. */
  add(view: ColumnView): Int32Array {
    const { batch } = view;
    const places = new Int32Array(batch.length).fill(-1);
    const starts = view.numbers("started_at");
    const ends = view.numbers("ended_at");
    const keys = view.column("session_key");
    const columns = [...this.#attributes].map(([name, attribute]) => ({
      attribute,
      coded: view.column(name),
    }));
    for (let row = 0; row < batch.length; row++) {
      if (batch.alive && !batch.alive[row]) continue;
      const key = keys.dictionary[keys.codes[row]!] ?? "";
      const place = this.#starts.push(starts[row]!) - 1;
      places[row] = place;
      this.#ends.push(ends[row]!);
      this.#identities.push(hashOf(`${key}@${starts[row]}`));
      this.#link(hashOf(key), place);
      for (const { attribute, coded } of columns) {
        attribute.codes.push(attribute.interner.codeOf(coded.dictionary[coded.codes[row]!] ?? null));
      }
    }
    return places;
  }

  #link(hash: number, place: number): void {
    this.#before[place] = this.#latest.get(hash);
    this.#latest.set(hash, place);
  }

  /** Hash of the session at an index, as in rollups. */
  identityOf(place: number): number {
    return this.#identities[place]!;
  }

  /** Index of the session of a key at a time, -1 without one. */
  find(hash: number, time: number): number {
    let place = this.#latest.get(hash);
    while (place >= 0 && !(this.#starts[place]! <= time && time <= this.#ends[place]!))
      place = this.#before[place]!;
    return place;
  }

  /** Index of the session of each event. */
  placesOf(view: ColumnView): Int32Array {
    const places = new Int32Array(view.length).fill(-1);
    const sessions = hashed(view.column("session_id"), sessionKey);
    const visitors = hashed(view.column("visitor_id"), visitorKey);
    const yesterday = hashed(view.column("previous_anonymous_id"), visitorKey);
    const people = view.column("distinct_id");
    for (let row = 0; row < places.length; row++) {
      const time = view.times[row]!;
      const sent = sessions.hashes[sessions.codes[row]!]!;
      if (sent >= 0) {
        places[row] = this.find(sent, time);
        continue;
      }
      const visitor = visitors.hashes[visitors.codes[row]!]!;
      const place = this.#aliased(visitor, time);
      const before = yesterday.hashes[yesterday.codes[row]!]!;
      const isAnonymous = people.dictionary[people.codes[row]!] === null;
      places[row] = place >= 0 || before < 0 || !isAnonymous ? place : this.#follow(before, visitor, time);
    }
    return places;
  }

  /** Sessions that continue after midnight under the visitor's new id: hash of the new key → index. */
  readonly #aliases = new HashIndex();

  #aliased(visitor: number, time: number): number {
    const own = this.find(visitor, time);
    if (own >= 0) return own;
    const alias = this.#aliases.get(visitor);
    return alias >= 0 && this.#starts[alias]! <= time && time <= this.#ends[alias]! ? alias : -1;
  }

  #follow(yesterday: number, today: number, time: number): number {
    const place = this.find(yesterday, time);
    if (place >= 0) this.#aliases.set(today, place);
    return place;
  }

  /** An attribute of the sessions at `places`; null without a session. */
  columnOf(name: string, places: Int32Array): Coded {
    const attribute = this.#attributes.get(name);
    if (!attribute) throw new Error(`query: sessions were indexed without ${name}`);
    const dictionary: Value[] = [...attribute.interner.values, null];
    const none = dictionary.length - 1;
    const codes = new Int32Array(places.length);
    for (let row = 0; row < codes.length; row++)
      codes[row] = places[row]! < 0 ? none : attribute.codes[places[row]!]!;
    return { codes, dictionary };
  }
}

/** Hash of each dictionary entry of a column, -1 for null. */
function hashed({ codes, dictionary }: Coded, hash: (value: string) => number) {
  return { codes, hashes: Float64Array.from(dictionary, (value) => (value === null ? -1 : hash(value))) };
}
