// Preloaded into the app's process: adds up what it reads of blobs, by path, in bytes, and keeps the
// sums in the file that COUNT_BLOB_READS names.
import { subscribe } from "node:diagnostics_channel";
import { writeFileSync } from "node:fs";

const file = process.env.COUNT_BLOB_READS;
const sums = {};

subscribe("http.client.response.finish", ({ request, response }) => {
  if (file === undefined || request.method !== "GET" || request.path.includes("comp=list")) return;
  const path = request.path.split("?")[0];
  const bytes = Number(response.headers["content-length"] ?? Number.NaN);
  sums[path] = { reads: (sums[path]?.reads ?? 0) + 1, bytes: (sums[path]?.bytes ?? 0) + bytes };
  writeFileSync(file, JSON.stringify(sums));
});
