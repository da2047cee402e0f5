/**
 * Redirects the root to the projects.
 * @module
 */
import { Navigate } from "@solidjs/router";

export default () => <Navigate href="/projects" />;
