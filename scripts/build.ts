import { join } from "node:path";
import { explainFailure } from "../local/explain-failure.ts";
import { buildApp } from "./build-app.ts";
import { ROOT } from "./bundle.ts";

/** `npm run build`: the app, as it is deployed, in `dist/`. */
process.stderr.write("Building the app…\n");
try {
  await buildApp(join(ROOT, "dist"));
} catch (error) {
  process.stderr.write(`The app cannot be built: ${explainFailure(error)}\n`);
  if (
    error instanceof Error &&
    "code" in error &&
    ["EROFS", "EACCES"].includes(String(error.code))
  ) {
    process.stderr.write(
      "The build writes to dist/: copy the project to a folder that you can write to.\n",
    );
  }
  process.exitCode = 1;
}
