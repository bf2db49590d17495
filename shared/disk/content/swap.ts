import { viewOf } from "../bytes.ts";
import { standsAt, type VolumeView } from "./volume-view.ts";

const SWAP_PAGES = [4096, 8192, 16384, 32768, 65536] as const;

/** The first version, which had no label. */
export function isSwapOfVersion0(view: VolumeView): boolean {
  return SWAP_PAGES.some((page) => standsAt(view, page - 10, "SWAP-SPACE"));
}

/** Swap of either version, byte order, and of all page sizes; what a machine left there to resume from, too. */
export function isSwap(view: VolumeView): boolean {
  if (isSwapOfVersion0(view)) return true;
  const hasMark = SWAP_PAGES.some((page) =>
    ["SWAPSPACE2", "S1SUSPEND\0", "S2SUSPEND\0", "ULSUSPEND\0"].some((mark) =>
      standsAt(view, page - 10, mark),
    ),
  );
  const fields = viewOf(view.slice(0x400, 8) ?? new Uint8Array(8));
  return hasMark && [true, false].some((isLittle) => fields.getUint32(0, isLittle) === 1);
}
