/**
 * The shop's state, stored as long as the tab is open.
 * @module
 */
import { PRODUCTS } from "../../traffic/site.ts";

/** A product and its number of meters. */
export interface Line {
  name: string;
  path: string;
  price: number;
  meters: number;
}

const BASKET = "kasuri_basket";
const MEMBER = "kasuri_member";

/** Contents of the basket. */
export function basket(): Line[] {
  const meters = JSON.parse(sessionStorage.getItem(BASKET) ?? "{}") as Record<string, number>;
  return PRODUCTS.flatMap((product) => {
    const wanted = meters[product.path];
    return wanted ? [{ ...product, meters: wanted }] : [];
  });
}

/** Add meters of a product to the basket; negative to remove. */
export function put(path: string, meters: number): void {
  const all = Object.fromEntries(basket().map((line) => [line.path, line.meters]));
  all[path] = Math.max(0, (all[path] ?? 0) + meters);
  sessionStorage.setItem(BASKET, JSON.stringify(all));
}

/** Price of everything in the basket, in euros. */
export const total = (): number => basket().reduce((sum, { price, meters }) => sum + price * meters, 0);

export const emptyBasket = (): void => sessionStorage.removeItem(BASKET);

/** Name of the member signed in to the shop. */
export const member = (): string | null => sessionStorage.getItem(MEMBER);

export const setMember = (name: string | null): void =>
  name ? sessionStorage.setItem(MEMBER, name) : sessionStorage.removeItem(MEMBER);
