/**
 * Every model, those that others are made of first.
 * @module
 */
import { below } from "./below";
import { marts } from "./marts";
import type { DeclaredModel } from "./model";

/** The catalogue. */
export const MODELS: readonly DeclaredModel[] = [...below, ...marts];
