/**
 * Rollups: events added up per bucket and dimension, packed a row; and the sessions they count.
 * @module
 */
export * from "./apply";
export * from "./dimensions";
export * from "./frequent";
export * from "./generation";
export * from "./increment";
export * from "./keyed";
export * from "./open-sessions";
export * from "./packed";
export * from "./row";
export * from "./sealed";
export * from "./session";
export { SHARED, unpackRows } from "./shared";
export * from "./sketch";
export * from "./store";
