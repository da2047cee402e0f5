/**
 * Live: open pages receive a project's events as they are accepted, who is online, and what changed.
 * @module
 */

export { expel, type NotifyBindings, type NotifyFrame, notify } from "./notify";
export { pushAccepted, pushCommitted, type Rooms } from "./publish";
export { PROJECT_HEADER, Room, WATCHER_HEADER } from "./room";
export type { Watch } from "./store";
export type { Expelled, Watcher } from "./subscribers";
export { TICKET_MS } from "./tickets";
