/**
 * All models, upstream models first.
 * @module
 */

import { marts } from "./marts";
import type { DeclaredModel } from "./model";
import { upstream } from "./upstream";

/** Every model, upstream models first. */
export const MODELS: readonly DeclaredModel[] = [...upstream, ...marts];
