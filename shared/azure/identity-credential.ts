import {
  AzureCliCredential,
  AzureDeveloperCliCredential,
  AzurePowerShellCredential,
  ChainedTokenCredential,
  ManagedIdentityCredential,
  type TokenCredential,
} from "@azure/identity";
import type { Identity } from "./credential.ts";

/** The identity library's credential for an identity. */
export function createIdentityCredential({ isHostedInAzure, clientId }: Identity): TokenCredential {
  if (isHostedInAzure) {
    return clientId === null
      ? new ManagedIdentityCredential()
      : new ManagedIdentityCredential({ clientId });
  }
  return new ChainedTokenCredential(
    new AzureCliCredential(),
    new AzureDeveloperCliCredential(),
    new AzurePowerShellCredential(),
  );
}
