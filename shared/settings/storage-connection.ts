/** How the app reaches its storage account. */
export type StorageConnection =
  | { readonly kind: "connectionString"; readonly connectionString: string }
  | {
      readonly kind: "identity";
      readonly blobServiceUri: string;
      readonly queueServiceUri: string;
      readonly tableServiceUri: string;
      readonly clientId: string | null;
    };

/**
 * A connection string under the bare name wins over the identity form, as it does in the Functions
 * host (identity-based connections, learn.microsoft.com/azure/azure-functions/functions-reference).
 * Returns what is wrong as text, to be put after `ImageStorage`, when neither is complete. The text
 * does not repeat the connection string.
 */
export function readStorageConnection(
  env: Readonly<Record<string, string | undefined>>,
): StorageConnection | string {
  const connectionString = env.ImageStorage;
  if (connectionString) {
    return /UseDevelopmentStorage=true|AccountName=|BlobEndpoint=/i.test(connectionString)
      ? { kind: "connectionString", connectionString }
      : "must be a storage connection string, which names AccountName or BlobEndpoint";
  }
  const uri = (service: string): string => env[`ImageStorage__${service}ServiceUri`] ?? "";
  const missing = ["blob", "queue", "table"].filter((service) => uri(service) === "");
  if (missing.length > 0) {
    const names = missing.map((service) => `ImageStorage__${service}ServiceUri`).join(", ");
    return `must be a connection string, or the identity form must be complete (missing: ${names})`;
  }
  return {
    kind: "identity",
    blobServiceUri: uri("blob"),
    queueServiceUri: uri("queue"),
    tableServiceUri: uri("table"),
    clientId: env.ImageStorage__clientId || null,
  };
}
