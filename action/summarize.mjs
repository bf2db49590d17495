import { appendFileSync, readFileSync } from "node:fs";

/**
 * Reads what `vhd-to-image upload --json` printed, and writes the outputs of the step, its summary, and
 * an annotation for every mistake of a manifest.
 */
const { GITHUB_OUTPUT, GITHUB_STEP_SUMMARY, INPUT_MANIFEST = "" } = process.env;

const text = readFileSync(process.argv[2], "utf8").trim();
const result = parse(text);
const requests = [result].flat().filter((each) => each?.requestId);
const statuses = requests.flatMap(({ status }) => status ?? []);
const [first] = requests;

if (GITHUB_OUTPUT && first) {
  const [id = ""] = requests.flatMap(({ ids = [] }) => ids);
  const outputs = { "request-id": first.requestId, state: first.state ?? "", "image-id": id };
  appendFileSync(
    GITHUB_OUTPUT,
    Object.entries(outputs)
      .map(([name, value]) => `${name}=${oneLine(value)}\n`)
      .join(""),
  );
}
if (GITHUB_STEP_SUMMARY) appendFileSync(GITHUB_STEP_SUMMARY, statuses.map(summarize).join("\n"));
for (const { error } of statuses) {
  for (const { message } of error?.details ?? []) console.log(annotate(message));
}

function summarize({ source, state, disks = [], error }) {
  return [
    `### ${asText(source)}: ${asText(state)}`,
    "",
    "| disk | state | found |",
    "| --- | --- | --- |",
    ...disks.map(
      ({ blob, resource, state: of, inspection }) =>
        `| ${asText(blob ?? resource)} | ${asText(of)} | ${asText(describe(inspection))} |`,
    ),
    "",
    ...(error
      ? [`**${asText(error.code)}**: ${asText(error.message)}`, "", asText(error.fix), ""]
      : []),
  ].join("\n");
}

function describe(inspection) {
  if (!inspection) return "";
  const { format, osType, hyperVGeneration, architecture } = inspection;
  return [format, osType, hyperVGeneration, architecture].filter(Boolean).join(", ");
}

/** `line 7, column 9` in a message becomes the place of the annotation. */
function annotate(message) {
  const [, line, column] = /line (\d+), column (\d+)/.exec(message) ?? [];
  const place =
    line && INPUT_MANIFEST ? ` file=${property(INPUT_MANIFEST)},line=${line},col=${column}` : "";
  return `::error${place}::${command(message)}`;
}

/** Names and messages are from outside: as text in Markdown, on one line. */
function asText(value) {
  return oneLine(value ?? "").replaceAll(
    /[\\`*_{}[\]<>()#+!|&~-]/g,
    (character) => `&#${character.codePointAt(0)};`,
  );
}

function oneLine(value) {
  return String(value).replaceAll(/[\p{Cc}\u2028\u2029]+/gu, " ");
}

/** As the runner reads the value of a workflow command. */
function command(value) {
  return String(value).replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function property(value) {
  return command(value).replaceAll(":", "%3A").replaceAll(",", "%2C");
}

function parse(json) {
  try {
    return JSON.parse(json);
  } catch {
    return null;
  }
}
