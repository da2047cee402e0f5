/**
 * What other pages use of the discussion.
 * @module
 */
export { Discussion } from "./discussion";
export { DiscussionButton, Here, WidgetTalk } from "./markers";
export { createTalk, type Talk, type TalkAbout, useTalk } from "./talk";
