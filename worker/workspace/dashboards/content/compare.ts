/**
 * Differences between two documents.
 * @module
 */

/**
 * Returns the paths that differ. Members of a list with an `id` are compared by it, so that moving one is no other
 * difference.
 */
export function differences(one: unknown, other: unknown, path: readonly string[] = []): string[] {
  if (!isObject(one) || !isObject(other) || Array.isArray(one) !== Array.isArray(other)) {
    return JSON.stringify(one) === JSON.stringify(other) ? [] : [path.join(".")];
  }
  const [left, right] = [byKey(one), byKey(other)];
  const inside = [...new Set([...left.keys(), ...right.keys()])].flatMap((key) =>
    differences(left.get(key), right.get(key), [...path, key]),
  );
  const isMoved =
    Array.isArray(one) && !inside.length && [...left.keys()].join() !== [...right.keys()].join();
  return isMoved ? [path.join(".")] : inside;
}

function byKey(value: object): Map<string, unknown> {
  if (!Array.isArray(value)) return new Map(Object.entries(value).filter(([, one]) => one !== undefined));
  return new Map(value.map((one, i) => [isObject(one) && "id" in one ? String(one.id) : String(i), one]));
}

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;
