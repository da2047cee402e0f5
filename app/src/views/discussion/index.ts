/**
 * The public interface of the discussion module.
 * @module
 */
export { Discussion } from "./discussion";
export { DiscussionButton, Viewers, WidgetMarker } from "./markers";
export type { Notes } from "./notes";
export { createTalk, type Talk, type TalkAbout } from "./thread-context";
