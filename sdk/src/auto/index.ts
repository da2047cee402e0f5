/**
 * Events without writing code. A second script, so that the first one stays small:
 * `<script defer src="https://HOST/sdk/tracker.auto.min.js">` after the tracker's own.
 * @module
 */
import { watchForms } from "./forms.ts";
import { watchLinks } from "./links.ts";
import { watchTags } from "./tags.ts";

watchTags();
watchLinks();
watchForms();
