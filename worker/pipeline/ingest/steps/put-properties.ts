/**
 * The event's properties.
 * @module
 */
import type { Draft } from "../draft";

/** Sent by the SDK as `true` when `navigator.webdriver` is: a property, because a beacon has no custom headers. */
const WEBDRIVER = "$webdriver";

/** Fills `properties` without the top-level names that the project denies (exact match). */
export function putProperties({ raw, properties, project, body, marks }: Draft): undefined {
  const given = raw.properties;
  if (!given) return;
  marks.webdriver = given[WEBDRIVER] === true;
  const denied = project.settings.property_denylist;
  const stays = (name: string) => name !== WEBDRIVER && !denied.includes(name);
  const names = Object.keys(given);
  const allowed = names.filter(stays);
  if (allowed.length === 0) return;
  body.properties =
    allowed.length === names.length
      ? properties
      : JSON.stringify(Object.fromEntries(allowed.map((name) => [name, given[name]])));
}
