import { makeLargeDisks } from "./convert/large-disks.ts";
import { measureMap } from "./convert/measure-map.ts";

/**
 * `npm run bench:convert`: what mapping disks of 1 TiB with 20 GiB of scattered data takes. The files
 * have tables only; what is copied is counted, not copied. Exit code 1 when a VHDX takes more than its
 * limits.
 */
const LIMITS = { reads: 12, bytes: 500_000 } as const;

for (const { name, reader } of makeLargeDisks()) {
  const costs = await measureMap(reader, () => performance.now());
  console.log(
    `${name.padEnd(30)}${costs.reads} reads, ${costs.bytes} bytes, ${costs.calls} calls of at most 4 MiB, ${Math.round(costs.milliseconds)} ms`,
  );
  const isOver = costs.reads > LIMITS.reads || costs.bytes > LIMITS.bytes;
  if (name.startsWith("VHDX") && isOver) process.exitCode = 1;
}
