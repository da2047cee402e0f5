/**
 * Every other address.
 * @module
 */
export { NotFound as default } from "../views/shell/breakage";
