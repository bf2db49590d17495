import fc from "fast-check";
import { SUBSCRIPTION } from "../fakes/app.ts";
import { anyText } from "./any-text.ts";
import { SECRET } from "./expect-sound-request.ts";

const OTHER = "99999999-9999-4999-8999-999999999999";
const GROUP = `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg`;

/** Resource ids, allowed ones and what is made to look like them. */
export const resourceIds = fc.oneof(
  fc.constantFrom(
    `${GROUP}/providers/Microsoft.Compute/snapshots/s`,
    `${GROUP}/providers/Microsoft.Compute/disks/d`,
    `${GROUP}/providers/Microsoft.Compute/virtualMachines/v`,
    `${GROUP}/providers/Microsoft.Compute/diskEncryptionSets/e`,
    "subscriptions/{subscriptionId}/resourceGroups/{resourceGroup}/providers/Microsoft.Compute/snapshots/s",
    `/subscriptions/${OTHER}/resourceGroups/rg/providers/Microsoft.Compute/snapshots/s`,
    `/subscriptions/${SUBSCRIPTION}0/resourceGroups/rg/providers/Microsoft.Compute/snapshots/s`,
    `${GROUP}/providers/Microsoft.Storage/storageAccounts/s`,
    `${GROUP}/providers/Microsoft.Compute/galleries/g/images/i`,
    `${GROUP}/../../${OTHER}/resourceGroups/rg/providers/Microsoft.Compute/disks/d`,
    `${GROUP}%2f..%2f/providers/Microsoft.Compute/disks/d`,
    `${GROUP}//providers/Microsoft.Compute/disks/d`,
    `${GROUP}/providers/Microsoft.Compute/disKs/d`.replace("K", "\u212a"),
    `${GROUP}/providers/Microsoft.Compute/disks/d?api-version=1`,
  ),
  spliced(`${GROUP}/providers/Microsoft.Compute/snapshots/s`),
  pumped().map((name) => `${GROUP}/providers/Microsoft.Compute/snapshots/${name}`),
);

/** Texts that name blobs, allowed ones and what is made to look like them. */
export const blobTexts = fc.oneof(
  fc.constantFrom(
    "web.vhd",
    "a b/ü%20#?.vhd",
    "../secrets/web.vhd",
    `web.vhd?sv=2024-01-01&sig=${SECRET}`,
    `https://own.blob.core.windows.net/c/web.vhd?sv=1&sig=${SECRET}`,
    `https://user:${SECRET}@own.blob.core.windows.net/c/web.vhd`,
    "https://own.blob.core.windows.net/c/web.vhd",
    "https://own.blob.core.windows.net.evil.example/c/web.vhd",
    "https://own.blob.core.windows.net:8443/c/web.vhd",
    "https://own.blob.core.windows.net/c/../d/web.vhd",
    "https://own.blob.core.windows.net/c%2f..%2fd/web.vhd",
    "https://other.blob.core.windows.net/c/web.vhd",
    "http://own.blob.core.windows.net/c/web.vhd",
    "https://127.0.0.1/c/web.vhd",
    "https://[::1]/c/web.vhd",
    "https:\\\\own.blob.core.windows.net\\c\\web.vhd",
    "https://evil.example\\@own.blob.core.windows.net/c/web.vhd",
    "//own.blob.core.windows.net/c/web.vhd",
    "file:///etc/web.vhd",
  ),
  spliced("https://own.blob.core.windows.net/c/web.vhd"),
  pumped(),
  pumped().map((name) => `https://own.blob.core.windows.net/c/${name}.vhd`),
  anyText({ maxLength: 30 }).map((stem) => `${stem}.vhd`),
);

/** One part again and again, as long as a manifest has room for, to cost time or to grow when filled in. */
function pumped(): fc.Arbitrary<string> {
  const parts = [
    "?",
    "?sig=",
    "-eyJ",
    "eyJ.",
    "{resourceGroup}",
    "%",
    "/",
    "\\",
    "../",
    "a",
    "\u76e4",
  ];
  return fc
    .tuple(fc.constantFrom(...parts), fc.nat(6), fc.nat(99))
    .map(([part, doublings, more]) => part.repeat(2 ** doublings * 100 + more));
}

/** A text with a piece of trouble put somewhere into it. */
function spliced(text: string): fc.Arbitrary<string> {
  const piece = fc.oneof(
    fc.constantFrom(
      "/",
      "..",
      "%2f",
      "%2e",
      "%00",
      "\\",
      "?",
      "#",
      "@",
      ":",
      " ",
      "\t",
      "\u212a",
      "。",
    ),
    anyText({ maxLength: 3 }),
  );
  return fc
    .tuple(fc.nat(text.length), piece)
    .map(([at, extra]) => text.slice(0, at) + extra + text.slice(at));
}
