/** Who sends the telemetry: a managed identity, user-assigned when there is a client id. */
export interface Authentication {
  readonly clientId: string | null;
}

/**
 * Reads `APPLICATIONINSIGHTS_AUTHENTICATION_STRING`: parts between semicolons in any order, of which
 * `Authorization=AAD` must be one (https://learn.microsoft.com/azure/azure-functions/functions-app-settings).
 * @throws Error for another kind of authorization.
 */
export function readAuthentication(text: string): Authentication {
  const parts = new Map(
    text.split(";").map((part) => {
      const [key = "", value = ""] = part.split("=", 2);
      return [key.trim().toLowerCase(), value.trim()];
    }),
  );
  if (parts.get("authorization")?.toUpperCase() !== "AAD") {
    throw new Error(
      "APPLICATIONINSIGHTS_AUTHENTICATION_STRING must contain Authorization=AAD, and may contain ClientId=…",
    );
  }
  return { clientId: parts.get("clientid") || null };
}
