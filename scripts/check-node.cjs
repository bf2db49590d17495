/**
 * Loaded before a script, by `node --require`: says what to do where the Node is too old to run it.
 *
 * On the platforms under `optionalDependencies` in package.json, the Node that runs scripts comes with
 * `npm ci`. On others it is the machine's own, and an old one would stop at the first type annotation.
 * This file is CommonJS without anything new, so that every Node can read it.
 */

/** `using` and type stripping came with 24.0, `import.meta.main` with 24.2. */
const OLDEST = [24, 2];

const [major, minor] = process.versions.node.split(".").map(Number);
if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])) {
  console.error(
    `The scripts of this repository need Node ${OLDEST.join(".")} or newer; this is Node ${process.versions.node} (${process.execPath}).\n` +
      "'npm ci' brings Node 24 for Linux (x64, arm64, glibc) and Windows (x64), unless it was told to leave out optional packages.\n" +
      "On other platforms, macOS for one, install Node 24 from https://nodejs.org and try again.",
  );
  process.exit(1);
}
