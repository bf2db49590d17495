import type { ArmErrorBody } from "../errors.ts";

/** How an error of galleries reaches the client. */
type Arrival =
  /** The answer to the request, with this status. */
  | { readonly status: number; readonly retryAfter?: number }
  /** The end of an operation that was accepted with 201. */
  | { readonly operation: "Failed" };

/** An error that galleries have been seen to give, and the requests that get it unless others are named. */
export type GalleryError = Arrival & {
  readonly method: "GET" | "PUT" | "DELETE";
  readonly path: string;
  readonly error: ArmErrorBody;
  /** Where it was seen, or what documents it. */
  readonly source: string;
};

const GROUP = "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/myResourceGroup";
const COMPUTE = `${GROUP}/providers/Microsoft.Compute`;
const VERSION = `${COMPUTE}/galleries/myGallery/images/myImage/versions/1.0.0`;
const MACHINE = `${COMPUTE}/virtualMachines/myVM`;
const ACCOUNT = `${GROUP}/providers/Microsoft.Storage/storageAccounts/mystorageaccount`;
const ENCRYPTION_SET = `${COMPUTE}/diskEncryptionSets/mySet`;
const PROPERTIES = "galleryImageVersion.properties";
const PUBLISHING = `${PROPERTIES}.publishingProfile`;
const REGIONS = `${PUBLISHING}.targetRegions`;
const CLIENT =
  "The client '22222222-3333-4444-5555-666666666666' with object id '33333333-4444-5555-6666-777777777777'";
const MAY_WRITE = `${CLIENT} has permission to perform action 'Microsoft.Compute/galleries/images/versions/write' on scope '${VERSION}'; however,`;

const DOCUMENTED =
  "https://learn.microsoft.com/azure/virtual-machines/troubleshooting-shared-images";

const body = (code: string, message: string, target?: string): ArmErrorBody =>
  target === undefined ? { code, message } : { code, message, target };

/** The same for every error that answers the PUT of a version. */
const refusal = (status: number, error: ArmErrorBody, source = DOCUMENTED): GalleryError => ({
  status,
  method: "PUT",
  path: "/versions/",
  error,
  source,
});

/** The same for every error that arrives inside the operation. */
const failure = (error: ArmErrorBody, source = DOCUMENTED): GalleryError => ({
  operation: "Failed",
  method: "PUT",
  path: "/versions/",
  error,
  source,
});

const differs = (what: string, ofSource: string, ofDefinition: string): GalleryError =>
  failure(
    body(
      "Conflict",
      `The resource with id '${MACHINE}' has a different ${what} ['${ofSource}'] than the parent gallery image ${what} ['${ofDefinition}'].`,
    ),
  );

const invalid = (message: string, target?: string, source?: string): GalleryError =>
  refusal(400, body("InvalidParameter", message, target), source);

const linked = (action: string, scope: string): GalleryError =>
  refusal(
    403,
    body(
      "LinkedAuthorizationFailed",
      `${MAY_WRITE} it does not have permission to perform action(s) '${action}' on the linked scope(s) '${scope}' (respectively) or the linked scope(s) are invalid.`,
    ),
    "https://github.com/Azure/azure-cli/issues/30976",
  );

/**
 * Errors by the names that `POST /_simulator/faults` takes. Codes and wordings are those of the sources,
 * as far as these have them.
 */
export const GALLERY_ERRORS = {
  SourceChanged: refusal(
    409,
    body(
      "PropertyChangeNotAllowed",
      `Changing property '${PROPERTIES}.storageProfile.osDiskImage.source.id' is not allowed.`,
      `${PROPERTIES}.storageProfile.osDiskImage.source.id`,
    ),
    "https://github.com/hashicorp/packer-plugin-azure/issues/65",
  ),
  SecondCreator: refusal(
    409,
    body(
      "PropertyChangeNotAllowed",
      `Changing property '${PROPERTIES}.storageProfile.source.id' is not allowed.`,
    ),
    "https://github.com/cloudfoundry/bosh-azure-cpi-release/pull/720",
  ),
  DiskControllerTypesOrder: {
    ...refusal(
      409,
      body(
        "PropertyChangeNotAllowed",
        "Changing property 'DiskControllerTypes' is not allowed.",
        "DiskControllerTypes",
      ),
      "https://github.com/Azure/bicep-types-az/issues/2430",
    ),
    path: "/galleries/",
  },
  DuplicateRegion: invalid(
    "Duplicate regions are not allowed in target publishing regions.",
    REGIONS,
    "https://github.com/hashicorp/terraform-provider-azurerm/issues/7751",
  ),
  ReplicaCountOutOfRange: invalid(
    `The value '0' of parameter ${REGIONS}.regionalReplicaCount is out of range. The value must be between 1 and 100, inclusive.`,
    `${REGIONS}.regionalReplicaCount`,
    "https://github.com/hashicorp/terraform-provider-azurerm/issues/12332",
  ),
  InvalidVersionName: invalid(
    "The image version name is invalid. The image version name should follow Major(int).Minor(int).Patch(int) format, for e.g: 1.0.0, 2018.12.1 etc.",
    "galleryImageVersionName",
  ),
  GenerationMismatch: differs("Hypervisor generation", "V2", "V1"),
  OsTypeMismatch: differs("OS type", "Linux", "Windows"),
  OsStateMismatch: failure(
    body(
      "Conflict",
      `Cannot create Gallery Image Version from: ${MACHINE} since the OS State in the parent gallery image (Generalized) is not Specialized.`,
    ),
  ),
  TrustedLaunchSupportedSource: invalid(
    `The security type 'TrustedLaunchSupported' is not supported for the source id '${MACHINE}'. Currently only Vhd Blob, User Image and Gallery Image Version sources are supported for 'TrustedLaunchSupported' images.`,
    `${PROPERTIES}.storageProfile.source`,
    "https://github.com/hashicorp/packer-plugin-azure/issues/304",
  ),
  ConfidentialVmSource: invalid(
    "The security type 'ConfidentialVM' is not supported for the source. Currently only Snapshot, Disk and Virtual Machine sources are supported for 'ConfidentialVM' images.",
    `${PROPERTIES}.storageProfile.osDiskImage.source`,
    "https://github.com/hashicorp/packer-plugin-azure/issues/372",
  ),
  ConfidentialEncryptionMissing: invalid(
    "The regional encryption.osDiskImage.securityProfile.type must be specified when the SecurityType of the image definition is ConfidentialVM.",
    undefined,
    "https://github.com/Azure/azure-cli/issues/22995",
  ),
  ConfidentialOutsideHomeRegion: invalid(
    "Only the home region 'eastus' can be specified as a target region for Images with the ConfidentialVM feature unless the Confidential VM encryption type is set to 'NonPersistedTPM'.",
    REGIONS,
    "https://github.com/hashicorp/packer-plugin-azure/pull/373",
  ),
  TrustedLaunchWithOwnKey: failure(
    body("InternalOperationError", "Contract.Assert failed: "),
    "https://github.com/Azure/azure-rest-api-specs/issues/29280",
  ),
  EncryptionSetMissing: invalid(
    `A disk encryption set is required for disk 'galleryArtifactVersion.properties.publishingProfile.targetRegions.encryption.osDiskImage.diskEncryptionSetId' in target region 'northeurope' since disk encryption set '${ENCRYPTION_SET}' is used for the corresponding disk in region 'westeurope'.`,
  ),
  EncryptionSetDeleted: refusal(
    404,
    body("NotFound", `The disk encryption set ${ENCRYPTION_SET} was not found.`),
  ),
  StorageTypeDiffers: refusal(
    409,
    body(
      "PropertyChangeNotAllowed",
      `Changing property '${REGIONS}.storageAccountType' is not allowed.`,
      `${REGIONS}.storageAccountType`,
    ),
    "https://github.com/Azure/azure-powershell/issues/9911",
  ),
  ReplicationFailed: failure(
    body(
      "ValidationError",
      "Gallery replication jobs failed in one or more regions. The failing regions' details are as follows: '{region:northeurope, detail:Failed with internal server error.}'. If retry does not work, then please do an update by removing the failed regions and update again by adding them back.",
    ),
    "https://github.com/Azure/azure-cli/issues/15539",
  ),
  InvalidBeginGetAccess: failure(
    body(
      "InvalidBeginGetAccessForGalleryImageVersionSnapshotResponseFromPIR",
      "The response from pir.BeginGetAccessForGalleryImageVersionSnapshot is invalid.",
    ),
    "https://github.com/hashicorp/packer-plugin-azure/issues/183",
  ),
  SourceNotFound: refusal(
    404,
    body(
      "NotFound",
      `Source ${MACHINE} is not found. Please check source exists, and is in the same region as gallery image version being created.`,
    ),
  ),
  CrossSubscriptionSource: refusal(
    400,
    body("BadRequest", `Source '${MACHINE}' is in a different subscription than the gallery.`),
    "https://github.com/hashicorp/packer-plugin-azure/issues/403",
  ),
  BlobInSourceId: invalid(
    `The source id: ${ACCOUNT} must be a managed disk or snapshot.`,
    `${PROPERTIES}.storageProfile.osDiskImage.source.id`,
    "https://github.com/Azure/azure-cli/issues/24624",
  ),
  ParentNotFound: refusal(
    404,
    body(
      "ParentResourceNotFound",
      "Can not perform requested operation on nested resource. Parent resource 'myGallery/myImage' not found.",
    ),
  ),
  NestedResources: {
    ...refusal(
      409,
      body("CannotDeleteResource", "Can not delete resource before nested resources are deleted."),
      "https://github.com/Azure/azure-rest-api-specs/issues/11559",
    ),
    method: "DELETE",
    path: "/galleries/",
  },
  SourceTooLarge: refusal(
    400,
    body(
      "GallerySourceResourceExceedsMaxSize",
      "The GalleryImageVersion source resource size 2520 exceeds the max size 2048 supported.",
    ),
  ),
  ListKeysMissing: linked("Microsoft.Storage/storageAccounts/listKeys/action", ACCOUNT),
  MachineWriteMissing: linked("Microsoft.Compute/virtualMachines/write", MACHINE),
  OtherTenant: refusal(
    403,
    body(
      "LinkedAuthorizationFailed",
      `${MAY_WRITE} the current tenant '44444444-5555-6666-7777-888888888888' is not authorized to access linked subscription '55555555-6666-7777-8888-999999999999'.`,
    ),
  ),
  RoleNotPropagated: refusal(
    403,
    body(
      "AuthorizationFailed",
      `${CLIENT} does not have authorization to perform action 'Microsoft.Compute/galleries/images/versions/write' over scope '${VERSION}' or the scope is invalid. If access was recently granted, please refresh your credentials.`,
    ),
    "https://learn.microsoft.com/azure/role-based-access-control/troubleshooting",
  ),
  NotInRegionYet: {
    ...refusal(
      404,
      body(
        "GalleryImageNotFound",
        `The gallery image ${VERSION} is not available in northeurope region. Please contact image owner to replicate to this region, or change your requested region.`,
      ),
      "https://github.com/Azure/AgentBaker/pull/8373",
    ),
    method: "GET",
  },
  SourceBusy: refusal(
    409,
    body(
      "Conflict",
      `Too many requests on source '${MACHINE}'. Please reduce the number of requests on the source or wait some time before retrying.`,
    ),
  ),
  Throttled: {
    ...refusal(
      429,
      body(
        "OperationNotAllowed",
        "The server rejected the request because too many requests have been received for this subscription.",
      ),
      "https://learn.microsoft.com/troubleshoot/azure/virtual-machines/windows/troubleshooting-throttling-errors",
    ),
    retryAfter: 10,
  },
  DeletionBlocked: {
    ...refusal(
      409,
      body(
        "DeleteGalleryImageVersionBlockedBeforeEndOfLife",
        "Deletion of Gallery image version is not allowed because the image is enabled for blockDeletionBeforeEndOfLife and its endOfLifeDate has not reached yet.",
      ),
    ),
    method: "DELETE",
  },
  ZrsNotSupported: invalid("ZRS storage account type is not supported in this region."),
  EndOfLifePassed: invalid("EndOfLifeDate must be set to a future date."),
  EncryptionNotSupported: invalid(
    `Encryption is not supported for source resource '${ACCOUNT}'. Please use a different source resource type which supports encryption or remove encryption properties.`,
  ),
  Arm64ManagedImage: {
    ...refusal(
      409,
      body(
        "OperationNotAllowed",
        "Creation of managed images is not supported for virtual machines of the Arm64 architecture.",
      ),
      "https://github.com/hashicorp/packer-plugin-azure/issues/287",
    ),
    path: "/images/",
  },
} as const satisfies Readonly<Record<string, GalleryError>>;

/** The name of an error in {@link GALLERY_ERRORS}. */
export type GalleryErrorName = keyof typeof GALLERY_ERRORS;

export const GALLERY_ERROR_NAMES = Object.keys(GALLERY_ERRORS) as readonly GalleryErrorName[];
