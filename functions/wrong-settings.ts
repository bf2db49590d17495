import type { Health } from "../shared/http/health.ts";
import type { SettingMistake } from "../shared/settings/mistakes.ts";
import type { Answer } from "./http-handler.ts";

/**
 * `GET /api/health` of an app whose settings are wrong: 503 with every mistake by the setting's name.
 * The dependencies are not checked: the settings say which they are.
 */
export function makeHandler(mistakes: readonly SettingMistake[]): Answer {
  const health: Health = {
    status: "unhealthy",
    settings: mistakes.map(({ setting, problem }) => ({ name: setting, problem })),
    dependencies: [],
  };
  return async () => ({ status: 503, jsonBody: health });
}
