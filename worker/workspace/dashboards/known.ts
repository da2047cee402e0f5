/**
 * What may be mentioned where: shared things mention shared metrics, private ones those of their maker too.
 * @module
 */
import type { Sharing } from "../../../schema/wire/metric";
import type { Known } from "./check";
import { definitionsOf } from "./metric-store";

/** Who keeps something, and who will see it. */
export interface Maker {
  organization: string;
  user: string;
}

/** The rules that `names` stand for in something that is shared so. */
export async function knownFor(
  control: D1Database,
  { organization, user }: Maker,
  sharing: Sharing,
  names: readonly string[],
): Promise<Known> {
  const own = await definitionsOf(control, { organization, user }, names);
  if (sharing === "private") return { rules: own, hidden: new Set() };
  const rules = await definitionsOf(control, { organization, user: null }, names);
  return { rules, hidden: new Set(Object.keys(own).filter((name) => !Object.hasOwn(rules, name))) };
}
