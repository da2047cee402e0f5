/**
 * Refusals of queries.
 * @module
 */
import { type Refusal, refuseAt } from "../../../lib/refusal";
import type { UnknownName } from "../../metrics";

export { isRefusal, type Refusal, refuseAt as refuse } from "../../../lib/refusal";

/** Refuses a name that no dataset declares. */
export function refuseUnknown({ unknown, name, nearest }: UnknownName, path: string): Refusal {
  const hint = nearest === undefined ? "" : `; did you mean \`${nearest}\`?`;
  return refuseAt("unknown_name", path, `There is no ${unknown} \`${name}\`${hint}`);
}
