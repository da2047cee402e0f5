/**
 * The room's face: people watching a project's events as they are accepted.
 * @module
 */
export { pushAccepted, pushCommitted, type Rooms } from "./push";
export { PROJECT_HEADER, Room, WATCHER_HEADER } from "./room";
export type { Watch } from "./store";
export type { Watcher } from "./subscribers";
export { expel, type TellBindings, type ToldFrame, tell } from "./tell";
export { TICKET_MS } from "./tickets";
