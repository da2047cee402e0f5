/**
 * Pseudo-random numbers that depend only on the seed and their keys, in whatever order they are requested.
 * @module
 */

/** One day, ms. */
export const DAY_MS = 86_400_000;

/** A number in [0, 1) determined by its keys (FNV-1a, then the finalizer of MurmurHash3). */
export function chance(...keys: (string | number)[]): number {
  let hash = 0x811c9dc5;
  const text = keys.join("|");
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}

/** A number in [from, to) determined by its keys. */
export function between(from: number, to: number, ...keys: (string | number)[]): number {
  return from + (to - from) * chance(...keys);
}

/** One of the choices, determined by its keys. */
export function pick<T>(choices: readonly [T, ...T[]], ...keys: (string | number)[]): T {
  return choices[Math.floor(chance(...keys) * choices.length)] ?? choices[0];
}

/** A text of `length` letters and digits determined by its keys, as vendors use for ids. */
export function token(length: number, ...keys: (string | number)[]): string {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  let text = "";
  // A number has 32 random bits: five letters of 62.
  for (let part = 0; text.length < length; part++) {
    let left = Math.floor(chance("token", part, ...keys) * 62 ** 5);
    for (let i = 0; i < 5; i++) {
      text += letters[left % 62] ?? "";
      left = Math.floor(left / 62);
    }
  }
  return text.slice(0, length);
}

/** Whole days since 1970 of a `YYYY-MM-DD`. */
export function dayNumber(day: string): number {
  return Date.parse(`${day}T00:00:00Z`) / DAY_MS;
}

/** The `YYYY-MM-DD` of whole days since 1970. */
export function dayOf(number: number): string {
  return new Date(number * DAY_MS).toISOString().slice(0, 10);
}

/** Activity on a weekday relative to an ordinary one: lower on weekends. */
export function weekdayWeight(number: number): number {
  const weekday = (number + 4) % 7; // 1 January 1970 was a Thursday; 0 is Sunday
  return [0.55, 1, 1.08, 1.1, 1.05, 0.95, 0.6][weekday] ?? 1;
}

/** Distributes an integer by weight so that the parts add up to it exactly. */
export function shareOut(total: number, weights: number[]): number[] {
  const sum = weights.reduce((a, b) => a + b, 0);
  let given = 0;
  let weight = 0;
  return weights.map((own) => {
    weight += own;
    const part = Math.round((total * weight) / sum) - given;
    given += part;
    return part;
  });
}
