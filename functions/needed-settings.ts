import type { SettingMistake } from "../shared/settings/mistakes.ts";

/** Settings that all a function needs; those that are not listed here need every setting but the next. */
const NEEDED: Readonly<Record<string, readonly string[]>> = {
  "status-list": ["ImageStorage", "REQUEST_TABLE"],
  "status-get": ["ImageStorage", "REQUEST_TABLE"],
  queue: ["ImageStorage", "STATUS_QUEUE"],
};

/** Settings that some functions alone need: the others go on without them. */
const NEEDED_BY_SOME: Readonly<Record<string, readonly string[]>> = {
  SWEEP_SCHEDULE: ["sweep"],
  CONVERT_AT_ONCE: ["convert"],
  BLOB_TRIGGER_SOURCE: ["ingest"],
  ACTIONS: ["plan", "status-cancel", "status-retry"],
};

/** The mistakes in settings without which a function, given by its name, cannot work. */
export function mistakesOf(
  name: string,
  mistakes: readonly SettingMistake[],
): readonly SettingMistake[] {
  const needed = NEEDED[name];
  return mistakes.filter(({ setting }) =>
    needed === undefined
      ? (NEEDED_BY_SOME[setting]?.includes(name) ?? true)
      : needed.some((each) => setting === each || setting.startsWith(`${each}__`)),
  );
}
