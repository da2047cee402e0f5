/**
 * What other pages use of the discussion.
 * @module
 */
export { Discussion } from "./discussion";
export { DiscussionButton, Here, WidgetTalk } from "./markers";
export { createNotes, type Notes } from "./notes";
export { createTalk, type Talk, type TalkAbout, useTalk } from "./thread-context";
