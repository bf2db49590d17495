import type { GalleryRequest, NewDefinition } from "../../image/gallery-request.ts";
import type { Architecture, Generation, OsState, OsType } from "../../vocabulary.ts";

/** What the sources of a version are, as far as it is known. */
export interface SourceProfile {
  readonly osType: OsType | null;
  readonly osState: OsState | null;
  readonly hyperVGeneration: Generation | null;
  readonly architecture: Architecture | null;
  readonly securityType: string | null;
}

const SECURITY_TYPE = "SecurityType";

/**
 * The body of the PUT that creates a definition. Generation and SecurityType are always said: without
 * them API versions since 2025-03-03 take V2 and TrustedLaunchSupported, older ones V1 and nothing.
 * https://learn.microsoft.com/rest/api/compute/gallery-images/create-or-update
 */
export function toDefinitionBody(
  { location }: Pick<GalleryRequest, "location">,
  definition: NewDefinition,
  source: SourceProfile & { readonly osType: OsType; readonly hyperVGeneration: Generation },
) {
  const { publisher, offer, sku, architecture, features = [], tags, ...others } = definition;
  const isSecuritySaid = features.some(
    ({ name }) => name.toLowerCase() === SECURITY_TYPE.toLowerCase(),
  );
  const security = { name: SECURITY_TYPE, value: source.securityType ?? "Standard" };
  return {
    location,
    ...(tags && { tags }),
    properties: {
      identifier: { publisher, offer, sku },
      osType: source.osType,
      osState: source.osState ?? "Generalized",
      hyperVGeneration: source.hyperVGeneration,
      architecture: architecture ?? source.architecture ?? "x64",
      features: isSecuritySaid ? features : [...features, security],
      ...others,
    },
  };
}

/** The SecurityType that a definition is going to have. */
export function securityTypeOf({ properties }: ReturnType<typeof toDefinitionBody>): string {
  const found = properties.features.find(
    ({ name }) => name.toLowerCase() === SECURITY_TYPE.toLowerCase(),
  );
  return found?.value ?? "";
}
