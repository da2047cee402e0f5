/**
 * The minimum or maximum of values.
 * @module
 */

export class Extreme {
  readonly approximate = false;
  #value: number | null = null;

  constructor(readonly take: "min" | "max") {}

  add(value: number): void {
    if (this.#value === null || (this.take === "min" ? value < this.#value : value > this.#value))
      this.#value = value;
  }

  merge(other: Extreme): void {
    if (other.#value !== null) this.add(other.#value);
  }

  /** Null without values. */
  value(): number | null {
    return this.#value;
  }
}
