import type { TokenCredential } from "@azure/identity";
import { lazily } from "../lazily.ts";

/** Who the app is: its managed identity in Azure, the developer who is signed in elsewhere. */
export interface Identity {
  readonly isHostedInAzure: boolean;
  /** Client id of a user-assigned identity; null for the system-assigned one. */
  readonly clientId: string | null;
}

/** The credential of an identity. The library that knows how to get tokens is loaded for the first one. */
export function createCredential(identity: Identity): TokenCredential {
  const load = lazily(async () => {
    const { createIdentityCredential } = await import("./identity-credential.ts");
    return createIdentityCredential(identity);
  });
  return { getToken: async (...request) => (await load()).getToken(...request) };
}
