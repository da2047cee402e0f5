/**
 * A display setting in a cookie, so that the server renders it without a flash.
 * @module
 */
import { type Accessor, createSignal } from "solid-js";
import { getRequestEvent, isServer } from "solid-js/web";

const YEAR_S = 31_536_000;

/** The value of a cookie in a `Cookie` header; undefined without one. */
export function cookieValue(header: string, name: string): string | undefined {
  for (const part of header.split(";")) {
    const [key, value] = part.trim().split("=");
    if (key === name) return value;
  }
  return undefined;
}

/** Reads a setting; any value that is not one of `options` is the first of them. */
export function readChoice<T extends string>(name: string, options: readonly [T, ...T[]]): T {
  const header = isServer ? (getRequestEvent()?.request.headers.get("cookie") ?? "") : document.cookie;
  const value = cookieValue(header, name);
  return options.find((option) => option === value) ?? options[0];
}

/**
 * A setting as a signal. Setting it writes the cookie and `data-<name>` on the root element; the first option is the default
 * and removes the attribute.
 */
export function createChoice<T extends string>(
  name: string,
  options: readonly [T, ...T[]],
): [Accessor<T>, (value: T) => void] {
  const [value, setValue] = createSignal<T>(readChoice(name, options));
  const choose = (next: T) => {
    // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser we support
    document.cookie = `${name}=${next}; Path=/; Max-Age=${YEAR_S}; SameSite=Lax`;
    if (next === options[0]) delete document.documentElement.dataset[name];
    else document.documentElement.dataset[name] = next;
    setValue(() => next);
  };
  return [value, choose];
}
