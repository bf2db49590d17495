import { ArmError } from "../errors.ts";
import { listServedTypes } from "../http/api-versions.ts";
import type { ArmResponse } from "../http/arm-http.ts";
import { listLocationNames } from "../locations.ts";
import type { Service } from "../service.ts";
import type { PathNames } from "./scope.ts";

/** Storage knows more; a client has to find one that it can send. */
const STORAGE_TYPES = [
  { resourceType: "storageAccounts", apiVersions: ["2024-01-01", "2023-05-01", "2022-09-01"] },
];

const TYPES: Readonly<Record<string, ReturnType<typeof listServedTypes>>> = {
  "Microsoft.Compute": listServedTypes(),
  "Microsoft.Storage": STORAGE_TYPES,
};

/** Answers the providers, all of them registered. */
export function listProviders(service: Service, names: PathNames): ArmResponse {
  const value = Object.keys(TYPES).map((namespace) => viewProvider(service, names, namespace));
  return { status: 200, body: { value } };
}

/**
 * Answers a provider with its resource types and their api-versions, newest first.
 *
 * @throws ArmError 404 `InvalidResourceNamespace`
 */
export function getProvider(service: Service, names: PathNames): ArmResponse {
  const { namespace = "" } = names;
  const found = Object.keys(TYPES).find((name) => name.toLowerCase() === namespace.toLowerCase());
  if (found === undefined) {
    throw new ArmError(
      404,
      "InvalidResourceNamespace",
      `The resource namespace '${namespace}' is invalid.`,
    );
  }
  return { status: 200, body: viewProvider(service, names, found) };
}

function viewProvider(
  { location }: Service,
  { subscriptionId = "" }: PathNames,
  namespace: string,
): object {
  const locations = listLocationNames(location).map(({ displayName }) => displayName);
  return {
    id: `/subscriptions/${subscriptionId}/providers/${namespace}`,
    namespace,
    registrationState: "Registered",
    registrationPolicy: "RegistrationRequired",
    resourceTypes: (TYPES[namespace] ?? []).map((type) => ({ ...type, locations })),
  };
}
