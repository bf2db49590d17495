import { SettingsError } from "../errors.ts";

/** One thing that is wrong with a setting. */
export interface SettingMistake {
  /** The setting's name in the environment. */
  readonly setting: string;
  /** What is allowed, to be put after the name; the value is not in it. */
  readonly problem: string;
}

/** An error that names every setting that is wrong. */
export function toSettingsError(mistakes: readonly SettingMistake[]): SettingsError {
  return new SettingsError(mistakes.map(({ setting, problem }) => `${setting} ${problem}`));
}
