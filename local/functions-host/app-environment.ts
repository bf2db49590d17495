import type { AppSettings } from "./settings.ts";

/**
 * Makes the app settings the environment variables of this process, where the app reads them, and
 * returns the action that puts back what was there before.
 */
export function applySettings(settings: AppSettings): () => void {
  const before = new Map<string, string | undefined>();
  for (const [name, value] of Object.entries(settings)) {
    if (process.env[name] === value) continue;
    before.set(name, process.env[name]);
    setVariable(name, value);
  }
  return () => {
    for (const [name, value] of before) setVariable(name, value);
  };
}

function setVariable(name: string, value: string | undefined): void {
  if (value === undefined) delete process.env[name];
  else process.env[name] = value;
}
