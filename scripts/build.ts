import { join } from "node:path";
import { buildApp } from "./build-app.ts";
import { ROOT } from "./bundle.ts";

/** `npm run build`: the app, as it is deployed, in `dist/`. */
await buildApp(join(ROOT, "dist"));
