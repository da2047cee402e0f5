/**
 * Queries: parse → plan → execute → format. Answered from rollups where they are exact, from the lake otherwise.
 * @module
 */
export { type AnswerOptions, answer } from "./answer-queries";
export { readProjectState } from "./execute";
export { explain } from "./explain";
export { listFields } from "./fields";

export { type ListPage, type ListRequest, listEvents, listPeople, listSessions } from "./lists";
export type { UserRow } from "./lists/users";
export { parse, type QueryContext } from "./parse";
export { isRefusal, type Refusal } from "./parse/refusal";
export type { Budget } from "./plan";
export * from "./presets";
