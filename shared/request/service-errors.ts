import { type Failure, failure, type ServiceErrorParts } from "../errors.ts";

/**
 * When to try again. `later`: until the state's deadline. `few`: a few spaced times, for a role that
 * was just assigned and has not reached every front end. `never`: the same request fails the same way.
 */
export type Retry = "never" | "few" | "later";

interface StatusRule {
  readonly matches: (error: ServiceErrorParts) => boolean;
  readonly retry: Retry;
  readonly fix: string;
}

/** Tries in all, the first included, of what is retried `few` times. */
export const FEW_ATTEMPTS = 5;

const BUSY = /another operation|in progress|being (?:created|updated|deleted)|currently being/i;
const BUSY_CODES: ReadonlySet<string> = new Set([
  "AnotherOperationInProgress",
  "AcquireDiskLeaseFailed",
  "DiskImageNotReady",
]);

/** Codes that pass by themselves whatever the status; an operation fails with the status 200. */
const PASSING_CODES: ReadonlySet<string> = new Set([
  "StorageAccountTooBusy",
  "StorageAccountOperationInternalError",
  "InternalOperationError",
  "InternalServerError",
  "RetryableError",
  "TooManyRequests",
  "ResourceUpdateBlockedOnPlatformUpdate",
]);

/**
 * By HTTP status first: `OperationNotAllowed`, for one, is final with 409 and a throttle with 429.
 * The first rule that matches decides.
 */
const STATUS_RULES: readonly StatusRule[] = [
  {
    matches: ({ status }) => status === null,
    retry: "later",
    fix: "The service could not be reached; the app keeps trying until its deadline.",
  },
  {
    matches: ({ status }) => status === 429,
    retry: "later",
    fix: "The service throttles this subscription; upload fewer at a time, or try again later.",
  },
  {
    matches: ({ status }) => status === 408 || (status !== null && status >= 500),
    retry: "later",
    fix: "The service had an internal error; try again later, and quote the code to Azure support if it stays.",
  },
  {
    matches: ({ status, code }) => status === 200 && PASSING_CODES.has(code),
    retry: "later",
    fix: "The service had a passing problem; upload the manifest (or the VHD) again.",
  },
  {
    matches: ({ status }) => status === 401 || status === 403,
    retry: "few",
    fix: "Give the app's identity the right to write images in the target resource group and to read the sources; a new role takes minutes to become known.",
  },
  {
    matches: ({ status, code, message }) =>
      status === 409 && (BUSY_CODES.has(code) || BUSY.test(message)),
    retry: "later",
    fix: "Another operation holds the image or a source; wait for its end and upload again.",
  },
  {
    matches: ({ status }) => status === 409,
    retry: "never",
    fix: "The source or an existing image is in a state that forbids this; see the message.",
  },
  {
    matches: ({ status }) => status === 404,
    retry: "never",
    fix: "Check that the resource group and every source exist, in the image's region and subscription.",
  },
];

/** For everything else, 400 among it. */
const OTHERWISE: Omit<StatusRule, "matches"> = {
  retry: "never",
  fix: "Correct what the message names and upload again.",
};

/**
 * What to do, by the service's error code; more to the point than the status alone.
 * https://learn.microsoft.com/troubleshoot/azure/virtual-machines/windows/error-messages
 */
const FIXES: Readonly<Record<string, string>> = {
  IncorrectImageBlobType:
    "Upload the VHD again as a page blob (azcopy copy --blob-type PageBlob, az storage blob upload --type page).",
  IncorrectDiskBlobType:
    "Upload the VHD again as a page blob (azcopy copy --blob-type PageBlob, az storage blob upload --type page).",
  InvalidVhd:
    "Convert the disk to a fixed VHD (qemu-img convert -O vpc -o subformat=fixed,force_size) and upload it again.",
  VHDSizeInvalid:
    "Resize the disk to a whole number of MiB, convert it with force_size and upload it again.",
  ImageBlobNotFound: "Upload the VHD again; the service did not find the blob.",
  DiskBlobNotFound: "Upload the VHD again; the service did not find the blob.",
  StorageAccountNotFound:
    "Name a storage account that exists, made with Resource Manager (not classic).",
  StorageAccountNotRecognized: "Name a storage account made with Resource Manager (not classic).",
  StorageAccountLocationMismatch:
    "Copy the VHD to a storage account in the image's region, or change 'location'.",
  StorageAccountSubscriptionMismatch:
    "Copy the VHD to a storage account in the image's subscription.",
  StorageAccountTypeNotSupported:
    "Use a general-purpose v2 or a premium page-blob storage account.",
  StorageAccountLimitation:
    "Use another storage account; this one is at a limit or holds no page blobs.",
  ResourceGroupNotFound:
    "Create the resource group, or correct 'resourceGroup' or IMAGE_RESOURCE_GROUP.",
  SubscriptionNotFound: "Correct 'subscriptionId' or AZURE_SUBSCRIPTION_ID.",
  AuthorizationFailed:
    "Give the app's identity the right to write images in the target resource group and to read the sources; a new role takes minutes to become known.",
  PropertyChangeNotAllowed:
    "An image cannot be changed: choose another imageName, or delete the existing image.",
};

const FIXES_BY_TEXT: readonly {
  readonly code: string;
  readonly text: RegExp;
  readonly fix: string;
}[] = [
  {
    code: "OperationNotAllowed",
    text: /generaliz|deallocat|stopped/i,
    fix: "Generalize the virtual machine (sysprep or waagent -deprovision), deallocate it, mark it with 'az vm generalize', and upload the manifest again.",
  },
  {
    code: "InvalidParameter",
    text: /cookie/i,
    fix: "The file is no VHD: convert it (qemu-img convert -O vpc -o subformat=fixed,force_size) and upload it again.",
  },
  {
    code: "InvalidParameter",
    text: /not accessible/i,
    fix: "Let the Compute service reach the storage account: same subscription, no firewall or private endpoint in the way.",
  },
];

/** Whether and how an error of the service is retried. */
export function retryOf(error: ServiceErrorParts): Retry {
  return ruleFor(error).retry;
}

/** An error of the service as a user sees it. */
export function toFailure(error: ServiceErrorParts): Failure {
  const byText = FIXES_BY_TEXT.find(
    ({ code, text }) => code === error.code && text.test(error.message),
  );
  const rule = ruleFor(error);
  const { code, message, target, details } = error;
  const fix = byText?.fix ?? FIXES[code] ?? rule.fix;
  return failure({ code, message, target, details, fix, retryable: rule.retry !== "never" });
}

function ruleFor(error: ServiceErrorParts): Omit<StatusRule, "matches"> {
  return STATUS_RULES.find(({ matches }) => matches(error)) ?? OTHERWISE;
}
