/**
 * What people say about numbers, and what they did.
 * @module
 */
export { type Deed, listActivity, pruneActivity, record } from "./activity-store";
export {
  type Annotator,
  addAnnotation,
  changeAnnotation,
  deleteAnnotation,
  listAnnotations,
} from "./annotations";
export {
  addComment,
  deleteComment,
  editComment,
  historyOf,
  listComments,
  type Said,
  settleThread,
  type Talk,
} from "./comments";
export { type Spoken, seenDashboard } from "./dashboard-store";
export { tellMentioned } from "./mail";
export { nameOf } from "./people-store";
export { CURSOR } from "./position";
export type { Refusal } from "./refusal";
