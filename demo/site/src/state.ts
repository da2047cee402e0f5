/**
 * What the shop remembers while the tab is open.
 * @module
 */
import { PRODUCTS } from "../../traffic/site.ts";

/** A product and how many metres of it. */
export interface Line {
  name: string;
  path: string;
  price: number;
  metres: number;
}

const BASKET = "kasuri_basket";
const MEMBER = "kasuri_member";

/** What lies in the basket. */
export function basket(): Line[] {
  const metres = JSON.parse(sessionStorage.getItem(BASKET) ?? "{}") as Record<string, number>;
  return PRODUCTS.flatMap((product) => {
    const wanted = metres[product.path];
    return wanted ? [{ ...product, metres: wanted }] : [];
  });
}

/** Put a metre more, or as many fewer, of a product into the basket. */
export function put(path: string, metres: number): void {
  const all = Object.fromEntries(basket().map((line) => [line.path, line.metres]));
  all[path] = Math.max(0, (all[path] ?? 0) + metres);
  sessionStorage.setItem(BASKET, JSON.stringify(all));
}

/** Price of everything in the basket, in euros. */
export const total = (): number => basket().reduce((sum, { price, metres }) => sum + price * metres, 0);

export const emptyBasket = (): void => sessionStorage.removeItem(BASKET);

/** Name of the member who is signed in to the shop. */
export const member = (): string | null => sessionStorage.getItem(MEMBER);

export const setMember = (name: string | null): void =>
  name ? sessionStorage.setItem(MEMBER, name) : sessionStorage.removeItem(MEMBER);
