import {
  AzureCliCredential,
  AzureDeveloperCliCredential,
  AzurePowerShellCredential,
  ChainedTokenCredential,
  ManagedIdentityCredential,
  type TokenCredential,
} from "@azure/identity";

/**
 * Who the app is: its managed identity in Azure, the developer who is signed in elsewhere.
 */
export function createCredential(options: {
  readonly isHostedInAzure: boolean;
  /** Client id of a user-assigned identity; null for the system-assigned one. */
  readonly clientId: string | null;
}): TokenCredential {
  if (options.isHostedInAzure) {
    return options.clientId === null
      ? new ManagedIdentityCredential()
      : new ManagedIdentityCredential({ clientId: options.clientId });
  }
  return new ChainedTokenCredential(
    new AzureCliCredential(),
    new AzureDeveloperCliCredential(),
    new AzurePowerShellCredential(),
  );
}
