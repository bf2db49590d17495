// Preloaded into the app's process: trusts the authority in the file that TEST_CA names, and notes in
// the file that LOADED_FILES names which files of the app's bundle were loaded.
import { appendFileSync, readFileSync } from "node:fs";
import { registerHooks } from "node:module";
import tls from "node:tls";

const { TEST_CA, LOADED_FILES } = process.env;

if (TEST_CA !== undefined) {
  tls.setDefaultCACertificates([
    ...tls.getCACertificates("default"),
    readFileSync(TEST_CA, "utf8"),
  ]);
}

registerHooks({
  load(url, context, next) {
    if (LOADED_FILES !== undefined && url.includes("/dist/"))
      appendFileSync(LOADED_FILES, `${url}\n`);
    return next(url, context);
  },
});
