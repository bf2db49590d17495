import type { TokenCredential } from "@azure/identity";
import { lazily } from "../lazily.ts";
import type { Identity } from "./identity-credential.ts";

/** The credential of an identity. The library that knows how to get tokens is loaded for the first one. */
export function createCredential(identity: Identity): TokenCredential {
  const load = lazily(async () => {
    const { createIdentityCredential } = await import("./identity-credential.ts");
    return createIdentityCredential(identity);
  });
  return { getToken: async (...request) => (await load()).getToken(...request) };
}
