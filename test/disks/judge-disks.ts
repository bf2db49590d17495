import { fileURLToPath } from "node:url";
import { limitReader } from "../../shared/disk/disk-reader.ts";
import type { Confidence, DiskFinding } from "../../shared/disk/finding.ts";
import { inspectDisk } from "../../shared/disk/inspect-disk.ts";
import { probePartitions } from "../../shared/disk/table/probe-partitions.ts";
import { readPartitionTable } from "../../shared/disk/table/read-table.ts";
import { BLKID_NAMES } from "./blkid-names.ts";
import { DEBIAN_SYSTEMS } from "./debian-systems.ts";
import { type DiskFixture, loadFixture, openFixture } from "./disk-fixture.ts";
import { judgeAgainstFirmware } from "./judge-against-firmware.ts";
import type { DiskRecipe } from "./recipes/recipe.ts";
import { DISK_RECIPES } from "./recipes.ts";

const FOOTER_BYTES = 512;
const SECTOR_BYTES = 512;

/** How one answer stands against the truth. `wrong`: certain, and not so. */
export type Verdict = "certain" | "unsure" | "wrong";

/** One answer about one disk. */
export interface JudgedAnswer {
  readonly disk: string;
  readonly question: "generation" | "system" | "volume";
  readonly verdict: Verdict;
}

/** Holds what is found on every kept disk of which the truth is known against it. */
export async function judgeDisks(): Promise<readonly JudgedAnswer[]> {
  const answers: JudgedAnswer[] = [];
  for (const recipe of [...DISK_RECIPES, ...DEBIAN_SYSTEMS]) {
    const { name: disk, starts, system, blkid } = recipe;
    if (starts === undefined && system === undefined && blkid === undefined) continue;
    const fixture = await loadFixture(disk);
    const finding = await inspectDisk(openFixture(fixture), { role: recipe.role });
    if (starts !== undefined) {
      const { faults, isCertain, isRight } = judgeAgainstFirmware(finding, starts);
      const verdict = faults.length > 0 ? "wrong" : isRight && isCertain ? "certain" : "unsure";
      answers.push({ disk, question: "generation", verdict });
    }
    if (system !== undefined) {
      answers.push({ disk, question: "system", verdict: judgeSystem(finding, system) });
    }
    for (const verdict of await judgeVolumes(recipe, fixture)) {
      answers.push({ disk, question: "volume", verdict });
    }
  }
  return answers;
}

function judgeSystem(
  { osType, certainty, excluded }: DiskFinding,
  truth: DiskFinding["osType"],
): Verdict {
  const isCertain = ((confidence: Confidence) => confidence === "high")(
    certainty.osType.confidence,
  );
  if (truth !== null && excluded.osType.includes(truth)) return "wrong";
  if (!isCertain) return "unsure";
  return osType === truth ? "certain" : "wrong";
}

/** Every volume that blkid has a word about: its type and its label. */
async function judgeVolumes(
  { blkid = {} }: Pick<DiskRecipe, "blkid">,
  fixture: DiskFixture,
): Promise<readonly Verdict[]> {
  const reader = limitReader(openFixture(fixture));
  const table = await readPartitionTable(reader, fixture.length - FOOTER_BYTES);
  const partitions = await probePartitions(reader, table.partitions);
  return Object.entries(blkid).map(([sector, truth]) => {
    const start = Number(sector) * SECTOR_BYTES;
    const found =
      start === 0
        ? table.wholeDisk
        : (partitions.find((partition) => partition.start === start)?.fileSystem ?? null);
    const type = found === null ? null : (BLKID_NAMES[found.name] ?? found.name);
    const isRight =
      type === (truth?.type ?? null) &&
      (type === null || (found?.label ?? null) === (truth?.label ?? null));
    const isSure = found?.isSure !== false;
    return isRight ? (isSure ? "certain" : "unsure") : isSure ? "wrong" : "unsure";
  });
}

const QUESTIONS = {
  generation: "generation, by what SeaBIOS and OVMF do",
  system: "system, by what was put on it",
  volume: "file systems, volumes and labels, by blkid",
} as const satisfies Record<JudgedAnswer["question"], string>;

/** Rows of the table in docs/inspection.md. `node test/disks/judge-disks.ts` prints them. */
export function tabulate(answers: readonly JudgedAnswer[]): readonly string[] {
  return Object.entries(QUESTIONS).map(([question, what]) => {
    const own = answers.filter((answer) => answer.question === question);
    const count = (verdict: Verdict): number =>
      own.filter((answer) => answer.verdict === verdict).length;
    return `| ${what} | ${own.length} | ${count("certain")} | ${count("unsure")} | ${count("wrong")} |`;
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const answers = await judgeDisks();
  const open = answers.filter(({ verdict }) => verdict !== "certain");
  for (const { disk, question, verdict } of open) {
    process.stderr.write(`${disk}: ${question}: ${verdict}\n`);
  }
  process.stdout.write(`${tabulate(answers).join("\n")}\n`);
}
