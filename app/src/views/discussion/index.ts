/**
 * The public interface of the discussion module.
 * @module
 */
export { Discussion } from "./discussion";
export { DiscussionButton, Viewers, WidgetMarker } from "./markers";
export type { Notes } from "./notes";
export { createDiscussion, type DiscussionState, type DiscussionSubject } from "./thread-context";
