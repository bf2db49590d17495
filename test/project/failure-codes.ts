import { listFiles, readProjectFile } from "./source-files.ts";

/** Where the app decides that a request fails; the codes of Azure are data of their own. */
const FOLDERS = [
  "functions",
  "shared/stages",
  "shared/image",
  "shared/disk",
  "shared/record",
  "shared/metadata",
  "shared/flow",
  "shared/outputs",
  "shared/manifest",
  "shared/plan",
];

/** The codes that the app itself gives, in failures and in their details. */
export function listOwnCodes(): readonly string[] {
  return unique(readSources().flatMap(readCodesOf));
}

/** Those of them whose failure says that the same upload may succeed later. */
export function listRetryableCodes(): readonly string[] {
  return unique(
    readSources()
      .flatMap(listFailureCalls)
      .filter((call) => /\bretryable: true\b/.test(call))
      .flatMap(readCodesOf),
  );
}

function readSources(): readonly string[] {
  return FOLDERS.flatMap((folder) => listFiles(folder, ".ts")).map(readProjectFile);
}

/** Every text in capitals and small letters that is the value of a `code`. */
function readCodesOf(source: string): readonly string[] {
  return [...source.matchAll(/\bcode:([^,;{}]*)/g)].flatMap(([, value = ""]) =>
    [...value.matchAll(/"([A-Z]\w+)"/g)].map(([, code = ""]) => code),
  );
}

/** The text between the parentheses of every call of `failure`. */
function listFailureCalls(source: string): readonly string[] {
  return [...source.matchAll(/\bfailure\(/g)].map(({ index }) => {
    const rest = source.slice(index);
    let depth = 0;
    const end = [...rest].findIndex((character) => {
      if (character === "(") depth += 1;
      if (character === ")") depth -= 1;
      return character === ")" && depth === 0;
    });
    return rest.slice(0, end);
  });
}

function unique(codes: readonly string[]): readonly string[] {
  return [...new Set(codes)].sort();
}
