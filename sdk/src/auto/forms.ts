/**
 * Submitted forms. The browser validates a form before it fires `submit`, but not one marked `novalidate`.
 * @module
 */
import { emit, on } from "./emit.ts";

/** Count `form_submit {form, action}`; never form values. */
export const watchForms = (): void =>
  on("submit", "form", (_event, element) => {
    const form = element as HTMLFormElement;
    if (!form.checkValidity()) return;
    // `getAttribute`, because a field named "name" or "action" hides the form's own property.
    const name = form.getAttribute("id") || form.getAttribute("name") || undefined;
    const { pathname } = new URL(form.getAttribute("action") || "", location.href);
    emit("form_submit", { form: name, action: pathname });
  });
