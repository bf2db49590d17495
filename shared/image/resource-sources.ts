import type { DiskSource, ImageDraft } from "./image-request.ts";

/** The kinds of resources that images are made from, as they are called and addressed. */
export const SOURCE_KINDS = {
  snapshot: { noun: "snapshot", type: "snapshots" },
  managedDisk: { noun: "managed disk", type: "disks" },
  virtualMachine: { noun: "virtual machine", type: "virtualMachines" },
} as const;

export type SourceKind = keyof typeof SOURCE_KINDS;

/** A resource that an image is to be made from, wholly or in part. */
export interface ResourceSource {
  readonly kind: SourceKind;
  /** Resource id with a leading slash. */
  readonly id: string;
  /** Whether the image takes its system from it. */
  readonly role: "os" | "data";
  /** Where the manifest names it. */
  readonly path: string;
}

/** The part of a request that says what the image is made from. */
export type SourcesOfImage = Pick<ImageDraft, "sourceVirtualMachine" | "osDisk" | "dataDisks">;

/** All sources of an image that are not blobs, each as often as it is named. */
export function listResourceSources(request: SourcesOfImage): readonly ResourceSource[] {
  const { sourceVirtualMachine: vm, osDisk, dataDisks } = request;
  const profile = "properties.storageProfile";
  return [
    ...(vm
      ? [
          {
            kind: "virtualMachine",
            id: vm,
            role: "os",
            path: "properties.sourceVirtualMachine",
          } as const,
        ]
      : []),
    ...(osDisk ? toResource(osDisk.source, "os", `${profile}.osDisk`) : []),
    ...dataDisks.flatMap(({ source }, index) =>
      toResource(source, "data", `${profile}.dataDisks[${index}]`),
    ),
  ];
}

function toResource(
  source: DiskSource,
  role: ResourceSource["role"],
  disk: string,
): ResourceSource[] {
  if (!("id" in source)) return [];
  const { kind, id } = source;
  return [{ kind, id, role, path: `${disk}.${kind}` }];
}
