/**
 * The shape of a list of problems.
 * @module
 */

/** By code: HTTP status and title. Codes are stable, clients may switch on them; titles are for people. */
export type ProblemTable = Record<string, readonly [status: number, title: string]>;
