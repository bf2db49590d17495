import { createHash } from "node:crypto";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildApp } from "./build-app.ts";
import { ROOT } from "./bundle.ts";
import { packApp } from "./pack-app.ts";
import { makeSbom } from "./sbom.ts";

/**
 * `npm run package`: builds, and writes what is deployed, for those who deploy without Core Tools; beside
 * it what is in it, and the checksums of both (`sha256sum --check SHA256SUMS`). All of it depends on the
 * commit alone.
 */
const FOLDER = "package";
const ARCHIVE = "vhd-to-image.zip";
const SBOM = "vhd-to-image.cdx.json";
const CHECKSUMS = "SHA256SUMS";

const files = await buildApp(join(ROOT, "dist"));
const archive = packApp(ROOT);
const contents = { [ARCHIVE]: archive, [SBOM]: Buffer.from(makeSbom(files, archive)) };

const folder = join(ROOT, FOLDER);
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
let checksums = "";
for (const [name, content] of Object.entries(contents)) {
  writeFileSync(join(folder, name), content);
  checksums += `${createHash("sha256").update(content).digest("hex")}  ${name}\n`;
  console.log(`${FOLDER}/${name}: ${content.length.toLocaleString("en")} bytes`);
}
writeFileSync(join(folder, CHECKSUMS), checksums);
