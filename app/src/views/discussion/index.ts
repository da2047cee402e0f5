/**
 * The public interface of the discussion module.
 * @module
 */
export { Discussion } from "./discussion";
export { DiscussionButton, Viewers, WidgetMarker } from "./markers";
export { createNotes, type Notes } from "./notes";
export { createTalk, type Talk, type TalkAbout, useTalk } from "./thread-context";
