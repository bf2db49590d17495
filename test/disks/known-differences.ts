/** Where an answer differs from that of the tool on purpose. */
export interface KnownDifference {
  /** Name of the recipe, without `volume-` and `partition-` before it. */
  readonly disk: string;
  readonly tool: "blkid" | "sgdisk";
  readonly why: string;
}

/** All of them: a disk that is not here is answered as the tools answer. */
export const KNOWN_DIFFERENCES: readonly KnownDifference[] = [
  {
    disk: "openbsd",
    tool: "blkid",
    why: "a BSD disklabel is a partition table to blkid, and it is a volume's content here",
  },
  {
    disk: "boot-no-protective-mbr",
    tool: "blkid",
    why: "blkid ignores a GPT without a protective MBR, as firmware does; here it is read, to name what is missing",
  },
  {
    disk: "boot-no-protective-mbr",
    tool: "sgdisk",
    why: "sgdisk does not count a missing protective MBR as a problem, though no firmware starts such a disk",
  },
  {
    disk: "boot-misplaced-protection",
    tool: "blkid",
    why: "blkid accepts a protective entry anywhere; firmware and the kernel want it at sector 1, and take the MBR here",
  },
  {
    disk: "boot-2048-entries",
    tool: "sgdisk",
    why: "the table is right, but longer than the read budget, and the warning says that it was not verified",
  },
  {
    disk: "boot-4096-byte-sectors",
    tool: "blkid",
    why: "blkid names the protective MBR alone; here the GPT for other sectors is recognised and warned of",
  },
];

/** Why the answer of this tool about a disk is not the one here; undefined where it has to be. */
export function findKnownDifference(name: string, tool: KnownDifference["tool"]) {
  const disk = name.replace(/^(?:volume|partition)-/, "");
  return KNOWN_DIFFERENCES.find((known) => known.disk === disk && known.tool === tool);
}
