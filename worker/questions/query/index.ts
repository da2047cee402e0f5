/**
 * Query: a question becomes rows, from rollups when they can answer exactly, from the lake when they must.
 * @module
 */
export { type AnswerOptions, answer } from "./answer";
export type { Answer, Stores } from "./batch";
export { explain } from "./explain";
export { type FieldSeen, listFields } from "./fields";
export { type Compound, parse } from "./formulas";
export { type ListPage, type ListRequest, listEvents, listPeople, listSessions } from "./lists";
export type { UserRow } from "./lists/users";
export type { Budget } from "./plan/budget";
export { BUDGET } from "./plan/budget";
export * from "./presets";
export type { Asker, Question } from "./question";
export type { Refusal } from "./refusal";
export { isRefusal } from "./refusal";
export { previousName } from "./result";
export { type Standing, standingOf } from "./store";
