import { hasBytesAt } from "../bytes.ts";
import type { DiskReader } from "../disk-reader.ts";
import { FOOTER_BYTES } from "../format/footer.ts";
import type { DiskMap } from "./extent.ts";
import { moveMap, moveRefusal, readerOfPart } from "./part-reader.ts";
import { refuse } from "./refusal.ts";
import type { TableReader } from "./table-reader.ts";
import { listTarMembers, type TarMember } from "./tar.ts";

/** Smaller members are descriptions, checksums and the like. */
const MIN_RAW_BYTES = 1024 * 1024;

/**
 * The one disk in an OVA, or in another tar archive, found by content.
 * @throws RefusedDiskError when there is none, or more than one.
 */
export async function openOva(
  reader: DiskReader,
  tables: TableReader,
  openSingle: (reader: DiskReader) => Promise<DiskMap>,
): Promise<{ readonly map: DiskMap; readonly member: string }> {
  const members = await listTarMembers(tables);
  const marked: TarMember[] = [];
  for (const member of members) if (await hasDiskMark(tables, member)) marked.push(member);
  const large = members.filter(({ length }) => length >= MIN_RAW_BYTES);
  const disks = marked.length > 0 ? marked : large;
  const [disk] = disks;
  if (disk === undefined || disks.length > 1) refuseMembers(disks, marked.length > 0);
  const { offset, length, name } = disk;
  try {
    const map = await openSingle(readerOfPart(reader, offset, length));
    return { map: moveMap(map, offset), member: name };
  } catch (error) {
    throw moveRefusal(error, offset);
  }
}

async function hasDiskMark(tables: TableReader, { offset, length }: TarMember): Promise<boolean> {
  if (length < 2 * FOOTER_BYTES) return false;
  const head = await tables.read(offset, FOOTER_BYTES);
  const footer = await tables.read(offset + length - FOOTER_BYTES, FOOTER_BYTES);
  return (
    (head !== null && MARKS.some(([at, mark]) => hasBytesAt(head, at, mark))) ||
    (footer !== null && hasBytesAt(footer, 0, "conectix"))
  );
}

const MARKS: readonly (readonly [offset: number, mark: string | readonly number[]])[] = [
  [0, "vhdxfile"],
  [0, "QFI\xfb"],
  [0, "KDMV"],
  [0, "COWD"],
  [0x40, [0x7f, 0x10, 0xda, 0xbe]],
];

function refuseMembers(disks: readonly TarMember[], areDisks: boolean): never {
  const names = disks
    .slice(0, 4)
    .map(({ name }) => name)
    .join(", ");
  refuse(
    areDisks ? "many-files" : "archive",
    disks.length === 0
      ? "is a tar archive that contains no disk"
      : `is a tar archive with ${disks.length} ${areDisks ? "disks" : "files that may be disks"} in it (${names}${disks.length > 4 ? ", …" : ""})`,
    0,
    "Unpack it ('tar -xf SOURCE') and upload each disk separately, for a virtual machine with data disks as NAME.EXTENSION and NAME.lun0.EXTENSION.",
  );
}
