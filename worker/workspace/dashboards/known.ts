/**
 * Which metrics may be used where: shared content uses shared metrics, private content also those of its author.
 * @module
 */
import type { Sharing } from "../../../schema/wire/metric";
import type { Known } from "./check";
import { definitionsOf } from "./metric-store";

/** The author of a change. */
export interface Author {
  organization: string;
  user: string;
}

/** Returns the rules of metrics that content with this sharing may use. */
export async function knownFor(
  control: D1Database,
  { organization, user }: Author,
  sharing: Sharing,
  names: readonly string[],
): Promise<Known> {
  const own = await definitionsOf(control, { organization, user }, names);
  if (sharing === "private") return { rules: own, hidden: new Set() };
  const rules = await definitionsOf(control, { organization, user: null }, names);
  return { rules, hidden: new Set(Object.keys(own).filter((name) => !Object.hasOwn(rules, name))) };
}
