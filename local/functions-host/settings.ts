import { FunctionIndexingError } from "./errors.ts";

/** The app settings, which are the environment variables of the app. */
export type AppSettings = Readonly<Record<string, string | undefined>>;

/** The setting that names the host's own storage account, and the default of every connection. */
export const HOST_STORAGE = "AzureWebJobsStorage";

/**
 * Returns `text` with every `%NAME%` replaced by the app setting of that name.
 * Throws FunctionIndexingError when a setting is missing, as the host refuses such a function.
 */
export function resolveSettings(text: string, settings: AppSettings): string {
  return text.replace(/%([^%]+)%/g, (_, name: string) => {
    const value = settings[name];
    if (value === undefined) {
      throw new FunctionIndexingError(
        `'%${name}%' does not resolve to a value: set the app setting ${name}.`,
      );
    }
    return value;
  });
}

/**
 * Returns the connection string that a binding's `connection` names. Like the WebJobs SDK it looks
 * for `AzureWebJobs<name>` before `<name>`. Throws FunctionIndexingError when neither is set.
 */
export function resolveConnection(
  name: string,
  settings: AppSettings,
  hostStorage: string,
): string {
  const value = settings[`AzureWebJobs${name}`] ?? settings[name];
  if (value !== undefined && value !== "") return value;
  if (name === HOST_STORAGE || name === "Storage") return hostStorage;
  const identity = Object.keys(settings).some((key) => key.startsWith(`${name}__`));
  throw new FunctionIndexingError(
    identity
      ? `Connection '${name}' is identity-based (${name}__…), which needs Microsoft Entra ID: set ${name} to a connection string to run here.`
      : `Connection '${name}' is not set: set the app setting ${name} to a storage connection string.`,
  );
}
