import { ArmError, invalidParameter, missingParameter } from "../errors.ts";
import { type ImageBody, listDisks, type PlacedDisk } from "../images/image-model.ts";

const SOURCE_NAMES = ["blobUri", "snapshot", "managedDisk"] as const;
const MAX_LUN = 63;

/**
 * Judges what the schema cannot say: exactly one source for each disk, unique luns, sizes, a virtual
 * machine or disks but not both.
 *
 * @throws ArmError 400
 */
export function judgeRules(image: ImageBody): void {
  judgeReferenceShapes(image);
  judgeExtendedLocation(image);
  judgeKindOfSource(image);
  const disks = listDisks(image.properties);
  for (const disk of disks) {
    judgeSource(disk);
    judgeSize(disk);
  }
  judgeLuns(image);
}

/**
 * Resource Manager checks every id in a body before Compute sees it; code and wording as in
 * https://github.com/Azure/apiops/issues/849.
 */
function judgeReferenceShapes(image: ImageBody): void {
  const machine = image.properties?.sourceVirtualMachine;
  const references = [
    { path: "properties.sourceVirtualMachine", reference: machine },
    ...listDisks(image.properties).flatMap(({ path, disk }) =>
      (["snapshot", "managedDisk", "diskEncryptionSet"] as const).map((name) => ({
        path: `${path}.${name}`,
        reference: disk[name],
      })),
    ),
  ];
  for (const { path, reference } of references) {
    const id = reference === undefined ? undefined : (reference.id ?? "");
    if (id !== undefined && !/^\/(subscriptions|providers)\//i.test(id)) {
      throw new ArmError(
        400,
        "LinkedInvalidPropertyId",
        `Property id '${id}' at path '${path}.id' is invalid. Expect fully qualified resource Id that start with '/subscriptions/{subscriptionId}' or '/providers/{resourceProviderNamespace}/'.`,
      );
    }
  }
}

function judgeExtendedLocation({ extendedLocation }: ImageBody): void {
  for (const member of ["name", "type"] as const) {
    if (extendedLocation !== undefined && !extendedLocation[member]) {
      throw missingParameter(`extendedLocation.${member}`);
    }
  }
}

function judgeKindOfSource({ properties }: ImageBody): void {
  const profile = properties?.storageProfile;
  if (properties?.sourceVirtualMachine === undefined) {
    if (profile === undefined) throw missingParameter("storageProfile");
    if (profile.osDisk === undefined) throw missingParameter("osDisk");
  } else if (listDisks(properties).length > 0) {
    throw invalidParameter(
      "sourceVirtualMachine",
      "Parameters sourceVirtualMachine and storageProfile.osDisk or storageProfile.dataDisks can not be specified together: the disks are those of the virtual machine.",
    );
  }
}

function judgeSource({ parameter, disk }: PlacedDisk): void {
  const given = SOURCE_NAMES.filter((name) => disk[name] !== undefined);
  if (given.length !== 1) {
    const found = given.length === 0 ? "None was given" : `Given were ${given.join(" and ")}`;
    throw invalidParameter(
      parameter,
      `Exactly one of ${SOURCE_NAMES.join(", ")} must be specified for ${parameter}. ${found}.`,
    );
  }
}

function judgeSize({ parameter, disk }: PlacedDisk): void {
  if (disk.diskSizeGB !== undefined && disk.diskSizeGB < 1) {
    const name = `${parameter}.diskSizeGB`;
    throw invalidParameter(name, `The value '${disk.diskSizeGB}' of parameter ${name} is invalid.`);
  }
}

function judgeLuns({ properties }: ImageBody): void {
  const luns = (properties?.storageProfile?.dataDisks ?? []).map(({ lun }) => lun);
  for (const [index, lun] of luns.entries()) {
    const name = `dataDisks[${index}].lun`;
    if (lun < 0 || lun > MAX_LUN) {
      throw invalidParameter(
        name,
        `The value '${lun}' of parameter ${name} is out of range. The value must be between 0 and ${MAX_LUN} inclusive.`,
      );
    }
    if (luns.indexOf(lun) !== index) {
      throw invalidParameter(
        "dataDisks.lun",
        `The lun '${lun}' is used by more than one data disk. Each data disk must have a unique lun.`,
      );
    }
  }
}
