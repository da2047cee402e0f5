/**
 * When people were identified, looked up for the people in a scan.
 * @module
 */
import { identifiedAt } from "../snapshot-store";
import type { PeopleIndex } from "./add";
import type { BatchView } from "./view";

export class People implements PeopleIndex {
  /** distinct_id → epoch ms, infinite for never. */
  readonly #since = new Map<string, number>();

  constructor(
    readonly db: D1Database,
    readonly project: string,
  ) {}

  /** Looks up the people of a batch that are not known yet. */
  async load(view: BatchView): Promise<void> {
    const { dictionary } = view.column("distinct_id");
    const unknown = dictionary.flatMap((id) => (id === null || this.#since.has(id) ? [] : [id]));
    if (!unknown.length) return;
    const found = await identifiedAt(this.db, this.project, unknown);
    for (const id of unknown) this.#since.set(id, found.get(id) ?? Number.POSITIVE_INFINITY);
  }

  since(view: BatchView): Float64Array {
    const never = Number.POSITIVE_INFINITY;
    return Float64Array.from(view.column("distinct_id").dictionary, (id) =>
      id === null ? never : (this.#since.get(id) ?? never),
    );
  }
}
