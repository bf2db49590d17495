import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { ROOT } from "./bundle.ts";
import { packApp } from "./pack-app.ts";

/** `npm run package`: writes what is deployed, for those who deploy without Core Tools. */
const FILE = "package/vhd-to-image.zip";

const archive = packApp(ROOT);
mkdirSync(dirname(join(ROOT, FILE)), { recursive: true });
writeFileSync(join(ROOT, FILE), archive);
console.log(`${FILE}: ${archive.length.toLocaleString("en")} bytes`);
