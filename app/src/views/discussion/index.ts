/**
 * The public interface of the discussion module.
 * @module
 */
export { Discussion } from "./discussion";
export { DiscussionButton, Viewers, WidgetMarker } from "./markers";

export { createDiscussion } from "./thread-context";
