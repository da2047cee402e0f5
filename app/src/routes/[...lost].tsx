/**
 * Every other address.
 * @module
 */
import { NotFound } from "../views/shell/breakage";

export default NotFound;
