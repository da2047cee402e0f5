/**
 * Events marked in HTML: `<button data-selvedge-event="signup" data-selvedge-plan="team">`.
 * @module
 */
import { emit, on, onClick } from "./emit.ts";

const NAME = "data-selvedge-event";
const PREFIX = "data-selvedge-";

const send = (element: Element): void => {
  const properties: Record<string, string> = {};
  for (const { name, value } of element.attributes) {
    if (name.startsWith(PREFIX) && name !== NAME)
      properties[name.slice(PREFIX.length).replaceAll("-", "_")] = value;
  }
  emit(element.getAttribute(NAME) ?? "", properties);
};

/** A marked form counts when it is submitted, any other marked element when it is clicked. */
export const watchTags = (): void => {
  onClick(`[${NAME}]:not(form)`, (_event, element) => send(element));
  on("submit", `form[${NAME}]`, (_event, element) => send(element));
};
