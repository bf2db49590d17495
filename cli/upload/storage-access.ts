import { BlobServiceClient, type ContainerClient } from "@azure/storage-blob";
import { type AppOptions, isLocal, requireLocalWorld } from "../app/app-access.ts";
import type { CommandContext } from "../command-context.ts";
import { CommandError } from "../command-error.ts";

const ACCOUNT_NAME = /^[a-z0-9]{3,24}$/;
const CONTAINER_NAME = /^[a-z0-9](?:-?[a-z0-9]){2,62}$/;
/** A request that fails without an answer, or with a 5xx, is sent so many times. */
const RETRIES = {
  maxTries: 6,
  retryDelayInMs: 800,
  maxRetryDelayInMs: 20_000,
  tryTimeoutInMs: 120_000,
};

/**
 * The container of the uploads, with the rights of whoever calls: the local app's account; a connection
 * string, which may hold a SAS; or an account with the sign-in of Azure tools.
 * @throws CommandError when none is configured.
 */
export async function openContainer(
  options: AppOptions & { readonly container?: string },
  context: CommandContext,
): Promise<ContainerClient> {
  const { environment } = context;
  const given = options.container ?? (environment.VHD_TO_IMAGE_CONTAINER || undefined);
  const azd =
    isLocal(options, context) || environment.AZURE_STORAGE_CONNECTION_STRING
      ? {}
      : await context.azdValues();
  const container = given ?? (azd.UPLOADS_CONTAINER || "uploads");
  if (!CONTAINER_NAME.test(container)) {
    throw new CommandError(
      "usage",
      `${JSON.stringify(container)} is not a valid name of a container.`,
    );
  }
  const service = await openService(options, context, azd.UPLOADS_ACCOUNT);
  return service.getContainerClient(container);
}

async function openService(
  options: AppOptions,
  context: CommandContext,
  deployed: string | undefined,
): Promise<BlobServiceClient> {
  const { AZURE_STORAGE_CONNECTION_STRING: text, VHD_TO_IMAGE_ACCOUNT } = context.environment;
  const account = VHD_TO_IMAGE_ACCOUNT || deployed;
  if (isLocal(options, context)) {
    const { connectionString } = await requireLocalWorld(context);
    return fromConnectionString(connectionString);
  }
  if (text) return fromConnectionString(text);
  if (account) {
    const { DefaultAzureCredential } = await import("@azure/identity");
    const url = readAccount(account);
    return new BlobServiceClient(url, new DefaultAzureCredential(), { retryOptions: RETRIES });
  }
  throw new CommandError(
    "usage",
    [
      "The storage account of the uploads is missing. Set its name, and sign in:",
      "  export VHD_TO_IMAGE_ACCOUNT=ACCOUNT",
      "  az login",
      "Or set AZURE_STORAGE_CONNECTION_STRING, or add --local for the app that `npm run local` runs.",
    ].join("\n"),
  );
}

function fromConnectionString(text: string): BlobServiceClient {
  try {
    return BlobServiceClient.fromConnectionString(text, { retryOptions: RETRIES });
  } catch {
    // The library's message may hold a part of the string.
    throw new CommandError(
      "usage",
      "AZURE_STORAGE_CONNECTION_STRING is not a valid connection string.",
    );
  }
}

/** Name of an account of the public cloud, or the address of any other one. */
function readAccount(text: string): string {
  if (ACCOUNT_NAME.test(text)) return `https://${text}.blob.core.windows.net`;
  const url = URL.parse(text);
  if (url?.protocol === "https:" && !url.search && !url.username && url.pathname === "/") {
    return url.origin;
  }
  throw new CommandError(
    "usage",
    "VHD_TO_IMAGE_ACCOUNT must be the name of a storage account, or its address such as https://ACCOUNT.blob.core.windows.net, without a SAS.",
  );
}
