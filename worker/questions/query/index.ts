/**
 * Query: a question becomes rows, from rollups when they can answer exactly, from the lake when they must.
 * @module
 */
export { type AnswerOptions, answer } from "./answer-queries";
export type { Answer } from "./execute/batch";
export { type ProjectState, readProjectState } from "./execute/snapshot-store";
export { explain } from "./explain";
export { type FieldSeen, listFields } from "./fields";
export { previousName } from "./format/result";
export { type ListPage, type ListRequest, listEvents, listPeople, listSessions } from "./lists";
export type { UserRow } from "./lists/users";
export { type Compound, parse } from "./parse";
export type { QueryContext, Question } from "./parse/query";
export type { Refusal } from "./parse/refusal";
export { isRefusal } from "./parse/refusal";
export type { Budget } from "./plan/budget";
export { BUDGET } from "./plan/budget";
export * from "./presets";
