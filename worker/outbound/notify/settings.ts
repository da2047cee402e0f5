/**
 * Notification settings of a project: recipients, and the configurations of channels, which are stored encrypted.
 * @module
 */
import type { NotifySettings, NotifyUpdate } from "../../../schema/wire/notify";
import type { Sealed } from "../../lib/key-ring";
import { logError } from "../../lib/log";
import { fieldErrors, type Refusal, refuseAt } from "../../lib/refusal";
import { guardOf, ringOf, type SettingsBindings } from "./bindings";
import { CHANNELS } from "./channels";
import { ownerOf } from "./notify";
import { nonMembersAmong } from "./recipients-store";
import { readConfigs, readPeople, readSealedByOthers, replaceSealed, saveSettings } from "./settings-store";

/** Returns the settings: of each configurable channel, whether it is configured. */
export async function readNotify(control: D1Database, project: string): Promise<NotifySettings> {
  const [people, configs] = await Promise.all([readPeople(control, project), readConfigs(control, project)]);
  const configurable = CHANNELS.filter(({ setting }) => setting !== null);
  const configured = Object.fromEntries(configurable.map(({ name }) => [name, configs.has(name)]));
  return Object.assign(configured, { people });
}

/** Changes the given settings: recipients, and configurations of channels (null removes one). */
export async function changeNotify(
  bindings: SettingsBindings,
  project: string,
  { people, ...settings }: NotifyUpdate,
): Promise<Refusal | null> {
  if (people && (await nonMembersAmong(bindings.CONTROL, project, people)).length > 0)
    return refuseField(
      "people",
      "recipient_not_member",
      "Every recipient must be a member of the organization",
    );
  const configs = new Map<string, Sealed | null>();
  for (const channel of CHANNELS) {
    const value = channel.setting === null ? undefined : settings[channel.setting];
    if (value === undefined) continue;
    const parsed = value === null ? null : channel.config(guardOf(bindings)).safeParse(value);
    if (parsed?.success === false) {
      const [issue] = fieldErrors(parsed.error);
      return refuseField(channel.setting ?? "", issue?.code ?? "invalid", issue?.message ?? "Not valid");
    }
    const sealed =
      parsed && (await ringOf(bindings).seal(JSON.stringify(parsed.data), ownerOf(project, channel)));
    configs.set(channel.name, sealed);
  }
  await saveSettings(bindings.CONTROL, project, people, configs);
  return null;
}

function refuseField(path: string, code: string, message: string): Refusal {
  return { ...refuseAt("invalid_request", path, message), errors: [{ path, code, message }] };
}

/** Maximum number of configurations resealed per run. */
const RESEAL_LIMIT = 100;

/** Reseals configurations with the current key. Those that cannot be opened are logged and skipped. */
export async function resealConfigs(bindings: SettingsBindings): Promise<void> {
  const ring = ringOf(bindings);
  for (const stored of await readSealedByOthers(bindings.CONTROL, ring.current, RESEAL_LIMIT)) {
    const { project, channel, sealed } = stored;
    const owner = ownerOf(project, { name: channel });
    try {
      await replaceSealed(bindings.CONTROL, stored, await ring.seal(await ring.open(sealed, owner), owner));
    } catch (error) {
      logError("a channel's configuration does not open", error, { project, channel, key: sealed.key });
    }
  }
}
