import { describe, expect, it } from "vitest";
import {
  GALLERY_ERRORS,
  type GalleryError,
  type GalleryErrorName,
} from "../../../../local/arm-simulator/control/gallery-errors.ts";
import type { Retry } from "../../../../shared/service-errors/rule.ts";
import { retryOf, toFailure } from "../../../../shared/service-errors/service-errors.ts";
import { makeServiceErrorParts } from "../../../factories.ts";

const VERSION_ID =
  "/subscriptions/99999999-2222-3333-4444-555555555555/resourceGroups/images-rg/providers/Microsoft.Compute/galleries/ours/images/ubuntu/versions/1.4.0";

/** What the app makes of each error that galleries are known to give. */
const EXPECTED: Readonly<Record<GalleryErrorName, readonly [Retry, RegExp]>> = {
  SourceChanged: ["never", /'gallery\.version' to a number that does not exist, or to "auto"/],
  SecondCreator: ["never", /'gallery\.version' to a number that does not exist/],
  DiskControllerTypesOrder: ["never", /Leave 'createDefinition' out/],
  DuplicateRegion: ["never", /each region once in 'gallery\.targetRegions'/],
  ReplicaCountOutOfRange: ["never", /'regionalReplicaCount' to at least 1/],
  InvalidVersionName: ["never", /three numbers, such as "1\.4\.0"/],
  GenerationMismatch: ["never", /'ubuntu' --query hyperVGeneration$/],
  OsTypeMismatch: ["never", /'ubuntu' --query osType$/],
  OsStateMismatch: ["never", /'ubuntu' --query osState$/],
  TrustedLaunchSupportedSource: ["never", /whose SecurityType is TrustedLaunch\.$/],
  ConfidentialVmSource: ["never", /or from a snapshot, a disk or a virtual machine/],
  ConfidentialEncryptionMissing: ["never", /confidentialVMEncryptionType' of every target region/],
  ConfidentialOutsideHomeRegion: ["never", /own region only, or .* NonPersistedTPM/],
  TrustedLaunchWithOwnKey: ["never", /Leave out the disk encryption sets/],
  EncryptionSetMissing: ["never", /for all target regions or for none/],
  EncryptionSetDeleted: ["never", /existing disk encryption set for each region/],
  StorageTypeDiffers: ["never", /storage type that the version has in that region/],
  ReplicationFailed: ["later", /--gallery-image-version '1\.4\.0' --target-regions REGION/],
  InvalidBeginGetAccess: ["later", /az sig image-version delete .* '1\.4\.0'$/m],
  SourceNotFound: ["never", /every source exists, and in the region of the version/],
  CrossSubscriptionSource: ["never", /by 'virtualMachineId'/],
  BlobInSourceId: ["never", /by 'uri' and 'storageAccountId'/],
  ParentNotFound: ["never", /image-definition list .* --gallery-name 'ours'/],
  NestedResources: ["later", /Delete the versions of the definition first/],
  SourceTooLarge: ["never", /'gallery\.replicationMode' to Shallow/],
  ListKeysMissing: ["few", /Microsoft\.Storage\/storageAccounts\/listKeys\/action/],
  MachineWriteMissing: ["few", /on the source, the action that the message names/],
  OtherTenant: ["never", /a subscription of the app's own tenant/],
  RoleNotPropagated: [
    "few",
    /Compute Gallery Artifacts Publisher.*--scope '[^']+\/galleries\/ours'/,
  ],
  NotInRegionYet: ["later", /Wait ten minutes/],
  SourceBusy: ["later", /Another request is using the same source/],
  Throttled: ["later", /throttles/],
  DeletionBlocked: ["never", /--set safetyProfile\.blockDeletionBeforeEndOfLife=false/],
  ZrsNotSupported: ["never", /Standard_LRS or Premium_LRS/],
  EndOfLifePassed: ["never", /a date in the future/],
  EncryptionNotSupported: ["never", /Leave 'encryption' out/],
  Arm64ManagedImage: ["never", /"managedImage": false and 'gallery'/],
};

function partsOf(name: GalleryErrorName) {
  const found: GalleryError = GALLERY_ERRORS[name];
  const { code, message, target = null } = found.error;
  // An operation that failed is reported with status 200.
  const status = "status" in found ? found.status : 200;
  return makeServiceErrorParts({ status, code, message, target });
}

describe("the errors of galleries", () => {
  it.each(Object.entries(EXPECTED))(
    "%s: whether it is retried, and what to do",
    (name, expected) => {
      const parts = partsOf(name as GalleryErrorName);
      const [retry, fix] = expected;

      expect(retryOf(parts)).toBe(retry);
      expect(toFailure(parts, VERSION_ID)).toMatchObject({
        code: parts.code,
        retryable: retry !== "never",
        fix: expect.stringMatching(fix),
      });
    },
  );

  it("leave no placeholder where the output is known", () => {
    const fixes = Object.keys(EXPECTED).map(
      (name) => toFailure(partsOf(name as GalleryErrorName), VERSION_ID).fix ?? "",
    );
    const commands = fixes.flatMap((fix) => fix.split("\n")).filter((line) => /^az /.test(line));

    expect(commands.length).toBeGreaterThan(8);
    expect(commands.filter((line) => /'[A-Z_]+'|[{]\w/.test(line))).toEqual([]);
  });

  it("say for a missing listKeys how to make a role of this one action, on that account alone", () => {
    const { fix } = toFailure(partsOf("ListKeysMissing"), VERSION_ID);
    const [create = "", assign = ""] = (fix ?? "").split("\n").filter((line) => /^az /.test(line));
    const group =
      "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/myResourceGroup";

    expect(JSON.parse(/'(\{.*\})'$/.exec(create)?.[1] ?? "")).toMatchObject({
      Actions: ["Microsoft.Storage/storageAccounts/listKeys/action"],
      AssignableScopes: [group],
    });
    expect(assign).toBe(
      `az role assignment create --assignee-object-id '33333333-4444-5555-6666-777777777777' --assignee-principal-type ServicePrincipal --role 'vhd-to-image key listing' --scope '${group}/providers/Microsoft.Storage/storageAccounts/mystorageaccount'`,
    );
    expect(fix).toMatch(/Storage Account Contributor/);
  });

  it("take the names of commands for the output from the app, never from a message", () => {
    const { fix } = toFailure(partsOf("InvalidBeginGetAccess"));

    expect(fix).toMatch(
      /--gallery-image-definition 'DEFINITION' --gallery-image-version 'VERSION'/,
    );
  });

  it.each(["'; rm -rf ~ #", "$(reboot)", "a b", "`id`"])(
    "put nothing into a command that a shell would not take as it is: %s",
    (name) => {
      const hostile = VERSION_ID.replace("images-rg", name);
      const account = partsOf("ListKeysMissing").message.replaceAll("myResourceGroup", name);
      const error = { ...partsOf("ListKeysMissing"), message: account };

      expect(toFailure(partsOf("InvalidBeginGetAccess"), hostile).fix).not.toContain(name);
      expect(toFailure(error, hostile).fix).not.toContain(name);
    },
  );
});

describe("errors of managed images", () => {
  it.each([
    [
      "PropertyChangeNotAllowed",
      409,
      "Changing property 'osDisk.osType' is not allowed.",
      /imageName/,
    ],
    ["Conflict", 409, "The image exists.", /imageName/],
    ["NotFound", 404, "Disk myDisk is not found.", /resource id of every source/],
    [
      "InvalidParameter",
      400,
      "The value of osDisk.storageAccountType is invalid.",
      /^Correct what/,
    ],
    ["InternalOperationError", 200, "An internal error occurred.", /temporary problem/],
  ])("%s keeps what to do: %#", (code, status, message, fix) => {
    expect(toFailure(makeServiceErrorParts({ code, status, message })).fix).toMatch(fix);
  });
});
