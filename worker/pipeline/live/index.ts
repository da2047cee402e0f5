/**
 * Live: open pages receive a project's events as they are accepted, who is online, and what changed.
 * @module
 */

export { expel, type NotifyBindings, notify } from "./notify";
export { pushAccepted, pushCommitted } from "./publish";
export { PROJECT_HEADER, Room, WATCHER_HEADER } from "./room";
export type { Watch } from "./store";
export type { Expelled, Watcher } from "./subscribers";
export { TICKET_MS } from "./tickets";
