/**
 * Forms that change a project's settings.
 * @module
 */
import type { ProjectUpdate } from "../../../../schema/wire/project";
import { createForm, type Form } from "../../client/mutation";
import { project, projects, updateProject } from "../../client/projects";

/** Saves the change that `read` returns for the form's data. */
export function createProjectForm(id: () => string, read: (form: FormData) => ProjectUpdate): Form {
  return createForm((form) => updateProject(id(), read(form)), { revalidate: [project.key, projects.key] });
}
