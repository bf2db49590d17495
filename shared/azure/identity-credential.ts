import {
  AzureCliCredential,
  AzureDeveloperCliCredential,
  AzurePowerShellCredential,
  ChainedTokenCredential,
  ManagedIdentityCredential,
  type TokenCredential,
} from "@azure/identity";

/** Who the app is: its managed identity in Azure, the developer who is signed in elsewhere. */
export interface Identity {
  readonly isHostedInAzure: boolean;
  /** Client id of a user-assigned identity; null for the system-assigned one. */
  readonly clientId: string | null;
}

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
