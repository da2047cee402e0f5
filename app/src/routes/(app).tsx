/**
 * The frame of every signed-in page.
 * @module
 */
import type { RouteDefinition, RouteSectionProps } from "@solidjs/router";
import { me } from "../client/accounts";
import { SignedIn } from "../views/shell/signed-in";

export const route = { preload: () => void me() } satisfies RouteDefinition;

export default (props: RouteSectionProps) => <SignedIn>{props.children}</SignedIn>;
