/**
 * Elements without a framework.
 * @module
 */

type Child = Node | string | null | undefined | false;
type Attribute = string | number | boolean | null | undefined | ((event: Event) => void);

/** An element: text, numbers and `true` become attributes, functions become listeners (`onclick`). */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Record<string, Attribute> = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else if (value !== null && value !== undefined && value !== false) {
      element.setAttribute(name, value === true ? "" : String(value));
    }
  }
  for (const child of children) {
    if (child) element.appendChild(typeof child === "string" ? document.createTextNode(child) : child);
  }
  return element;
}

/** The one element of the document that matches a selector. */
export function the<T extends Element>(selector: string): T {
  const element = document.querySelector<T>(selector);
  if (!element) throw new Error(`The page has no ${selector}`);
  return element;
}

/** 7.5 as €7.50. */
export const euros = (amount: number): string =>
  amount.toLocaleString("en-IE", { style: "currency", currency: "EUR" });
