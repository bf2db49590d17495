import type { ArmRequest, ArmResponse } from "../http/arm-http.ts";

const AUDIENCES = ["https://management.core.windows.net/", "https://management.azure.com/"];
const LOGIN = "https://login.microsoftonline.com";
const STORAGE_SUFFIX = "core.windows.net";
/** From here on the answer is a list of clouds. */
const LIST_SINCE = "2019-05-01";

/**
 * Answers `/metadata/endpoints`, which everybody may read, without a token: `az cloud register` asks it
 * where the rest of a cloud is. Tokens come from the identity endpoint; the login endpoint is never
 * reached. Undefined for every other path.
 */
export function answerMetadata(
  { method, url }: ArmRequest,
  baseUrl: string,
): ArmResponse | undefined {
  if (method !== "GET" || url.pathname.toLowerCase() !== "/metadata/endpoints") return undefined;
  const authentication = { loginEndpoint: LOGIN, audiences: AUDIENCES };
  if ((url.searchParams.get("api-version") ?? "") < LIST_SINCE) {
    return {
      status: 200,
      body: {
        galleryEndpoint: baseUrl,
        graphEndpoint: "https://graph.windows.net/",
        portalEndpoint: "https://portal.azure.com/",
        authentication,
      },
    };
  }
  const cloud = {
    name: "Local",
    portal: "https://portal.azure.com",
    resourceManager: baseUrl,
    authentication: { ...authentication, tenant: "common", identityProvider: "AAD" },
    suffixes: { storage: STORAGE_SUFFIX },
  };
  return { status: 200, body: [cloud] };
}
