import { ArmError, invalidParameter } from "../errors.ts";
import type { PlacedDisk } from "../images/image-model.ts";
import { normalizeLocation } from "../locations.ts";
import { parseResourceId, toKey } from "../resource-id.ts";
import type { SourceDisk, SourceResource, SourceVirtualMachine } from "../sources/source-model.ts";

type Sources = ReadonlyMap<string, SourceResource>;

/**
 * Returns the snapshot or managed disk that a disk of an image is made from, or undefined if it is
 * made from a blob.
 *
 * @throws ArmError 400 for an id of another kind; 404 `NotFound` for a source that does not exist,
 * or not in the image's location
 */
export function resolveSourceDisk(
  sources: Sources,
  placed: PlacedDisk,
  location: string,
): SourceDisk | undefined {
  const { disk, parameter } = placed;
  const found =
    disk.snapshot !== undefined
      ? { member: "snapshot", type: "snapshots" as const, id: disk.snapshot.id }
      : disk.managedDisk !== undefined
        ? { member: "managedDisk", type: "disks" as const, id: disk.managedDisk.id }
        : undefined;
  if (found === undefined) return undefined;
  const target = `${parameter}.${found.member}.id`;
  judgeType(found.id, found.type, target);
  const source = sources.get(toKey(found.id));
  if (source?.type !== found.type) {
    throw new ArmError(404, "NotFound", `Resource ${found.id} is not found.`, { target });
  }
  if (normalizeLocation(source.location) !== normalizeLocation(location)) {
    throw new ArmError(
      404,
      "NotFound",
      `The entity ${found.id} was not found in this Azure location.`,
      { target },
    );
  }
  return source;
}

/**
 * Returns the virtual machine that an image is captured from. Wordings as reported in
 * https://github.com/MicrosoftDocs/azure-docs/issues/79975 and
 * https://github.com/ansible/ansible/issues/37158.
 *
 * @throws ArmError 404 `NotFound` if it does not exist in the image's location; 409
 * `OperationNotAllowed` if it is not generalized, or not stopped
 */
export function resolveVirtualMachine(
  sources: Sources,
  id: string,
  location: string,
): SourceVirtualMachine {
  const target = "sourceVirtualMachine";
  judgeType(id, "virtualMachines", `${target}.id`);
  const machine = sources.get(toKey(id));
  if (
    machine?.type !== "virtualMachines" ||
    normalizeLocation(machine.location) !== normalizeLocation(location)
  ) {
    const name = parseResourceId(id)?.name ?? id;
    throw new ArmError(
      404,
      "NotFound",
      `Source Virtual Machine '${name}' specified in the request does not exist in this Azure location.`,
      { target, details: [{ code: "NotFound", message: `Resource ${id} is not found.`, target }] },
    );
  }
  if (!machine.generalized) {
    throw new ArmError(
      409,
      "OperationNotAllowed",
      `The operation 'Create Image' requires the Virtual Machine '${machine.name}' to be Generalized.`,
      { target },
    );
  }
  if (machine.powerState === "running") {
    throw new ArmError(
      409,
      "OperationNotAllowed",
      `The operation 'Create Image' requires the Virtual Machine '${machine.name}' to be stopped or deallocated.`,
      { target },
    );
  }
  return machine;
}

/**
 * Disk encryption sets are not simulated: any id of that type is accepted.
 *
 * @throws ArmError 400 `InvalidParameter` for an id of another type
 */
export function judgeEncryptionSet({ disk, parameter }: PlacedDisk): void {
  if (disk.diskEncryptionSet !== undefined) {
    judgeType(disk.diskEncryptionSet.id, "diskEncryptionSets", `${parameter}.diskEncryptionSet.id`);
  }
}

function judgeType(id: string, type: string, target: string): void {
  if (parseResourceId(id)?.type.toLowerCase() !== type.toLowerCase()) {
    throw invalidParameter(
      target,
      `Id ${id} is not a valid resource reference. Expected the id of a resource of type Microsoft.Compute/${type}.`,
    );
  }
}
