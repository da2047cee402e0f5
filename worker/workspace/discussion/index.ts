/**
 * What people say about numbers, and what they did.
 * @module
 */
export { type Deed, forgetDiscussion, listActivity, pruneActivity, record } from "./activity-store";
export {
  type Annotator,
  addAnnotation,
  changeAnnotation,
  deleteAnnotation,
  listAnnotations,
} from "./annotations";
export {
  addComment,
  changeComment,
  deleteComment,
  historyOf,
  listComments,
  type Said,
  type Talk,
} from "./comments";
export { tellMentioned } from "./mail";
export { mentionedIn } from "./mentions";
export { membersAmong } from "./people-store";
export { CURSOR } from "./position";
