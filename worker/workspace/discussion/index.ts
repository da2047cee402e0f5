/**
 * What people say about numbers, and what they did.
 * @module
 */

export { deleteProjectAnnotations } from "./annotation-store";
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
export { mentionMails } from "./mail";
export { mentionedIn } from "./mentions";
export { membersAmong } from "./people-store";
