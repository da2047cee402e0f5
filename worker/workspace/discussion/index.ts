/**
 * Comments on dashboards, and annotations on time.
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
  type Commenter,
  changeComment,
  deleteComment,
  historyOf,
  listComments,
  type WrittenComment,
} from "./comments";
export { mentionMails } from "./mail";
export { mentionedIn } from "./mentions";
export { membersAmong } from "./people-store";
