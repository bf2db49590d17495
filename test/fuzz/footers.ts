import { deepStrictEqual, ok } from "node:assert/strict";
import fc from "fast-check";
import { FOOTER_BYTES, readFooter } from "../../shared/disk/format/footer.ts";
import { findVhdProblem } from "../../shared/disk/format/vhd-rules.ts";
import { CONTAINER, createFakeApp } from "../fakes/app.ts";
import { makeFooter } from "../fakes/vhd.ts";
import { expectSoundRequest } from "./expect-sound-request.ts";
import { mutated } from "./mutate.ts";
import { defineTarget } from "./target.ts";

const MIB = 1024 * 1024;
const VALID = [makeFooter(), makeFooter({ type: "dynamic" }), makeFooter({ virtualSize: 0 })];

const bytes = fc.oneof(
  mutated(VALID),
  fc.constantFrom(...VALID),
  fc.uint8Array({ minLength: FOOTER_BYTES, maxLength: FOOTER_BYTES }),
  fc.uint8Array({ maxLength: 600 }),
);

/** Lengths of blobs: those that disks have, and those at which numbers break. */
const lengths = fc.oneof(
  fc.nat(2 * FOOTER_BYTES),
  fc.constantFrom(64 * MIB, 64 * MIB + FOOTER_BYTES, 2 ** 31, 2 ** 32, 8 * 2 ** 40, 2 ** 53 - 1),
);

export type FooterCase = readonly [footer: Uint8Array, length: number];
export const footerCases: fc.Arbitrary<FooterCase> = fc.tuple(bytes, lengths);

/**
 * Whatever ends a blob, the reader names it, and the app reads its last 512 bytes once per look and
 * nothing else.
 */
export async function checkFooter([footer, length]: FooterCase): Promise<void> {
  const reading = readFooter(footer);
  ok(["blank", "foreign", "footer"].includes(reading.kind));
  const problem = findVhdProblem({ length, footer: reading });
  ok(problem === null || (problem.message !== "" && problem.fix !== ""));
  await checkUpload(footer, length);
}

async function checkUpload(footer: Uint8Array, length: number): Promise<void> {
  const app = createFakeApp({
    defaults: { osType: "Linux", osState: "Generalized" },
    timing: { waitDeadlineSeconds: 60, settleSeconds: 0, settleMinSeconds: 0 },
  });
  const ref = { container: CONTAINER, name: "web.vhd" };
  app.blobs.createPageBlob(ref, length);
  const end = new Uint8Array(Math.min(FOOTER_BYTES, length));
  end.set(footer.subarray(0, end.length));
  app.blobs.writeFooter(ref, end);
  await app.event(ref.name);
  await app.run();
  expectSoundRequest(app, ref.name);
  for (const { offset, count } of app.blobs.reads) {
    ok(offset >= 0 && count > 0 && offset + count <= length, `read ${count} bytes at ${offset}`);
  }
  const perLook = app.blobs.reads.map(({ count }) => count);
  deepStrictEqual(
    perLook.filter((count) => count > READ_BUDGET_BYTES),
    [],
  );
}

/** The most that a single read of a disk may ask for. */
const READ_BUDGET_BYTES = 256 * 1024;

export const footers = defineTarget("footers", footerCases, checkFooter);
