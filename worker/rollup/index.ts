/**
 * Rollups: events added up per bucket and dimension, packed a row.
 * @module
 */
export * from "./dimensions";
export * from "./packed";
export * from "./sketch";
export * from "./store";
