import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isTerminal } from "../../shared/record/states.ts";
import { readRows, takeMessages } from "../e2e/evidence.ts";
import { type Ingestion, startIngestion } from "../e2e/ingestion.ts";
import { startTestWorld, type TestWorld } from "../e2e/world.ts";

/** Secrets of every kind, each with a mark of its own. */
const MARKS = {
  sas: "MARKEDSAS0signature",
  errorSas: "MARKEDERRORSAS0signature",
  errorToken: "MARKEDERRORTOKEN0abcdefghijklmnop",
  errorKey: "MARKEDERRORKEY0abcdefghijklmnop",
  metadata: "MARKEDMETADATA0signature",
  query: "MARKEDQUERY0signature",
  comment: "MARKEDCOMMENT0signature",
  encoded: "MARKEDENCODED0signature",
  connection: "MARKEDCONNECTION0key",
  errorHtml: "MARKEDERRORHTML0signature",
  errorJson: "MARKEDERRORJSON0signature",
  errorPercent: "MARKEDERRORPERCENT0signature",
  errorEscape: "MARKEDERRORESCAPE0signature",
  operationHtml: "MARKEDOPERATIONHTML0signature",
  operationJson: "MARKEDOPERATIONJSON0signature",
  operationPercent: "MARKEDOPERATIONPERCENT0signature",
  operationEscape: "MARKEDOPERATIONESCAPE0signature",
  functionKey: "MARKEDFUNCTIONKEY0abcdefghijklmnopqrstuvwxyz",
  masterKey: "MARKEDMASTERKEY0abcdefghijklmnopqrstuvwxyz",
};
const SNAPSHOT =
  "/subscriptions/{subscriptionId}/resourceGroups/myResourceGroup/providers/Microsoft.Compute/snapshots/mySnapshot1";
const OS = { osType: "Linux", osState: "Generalized" };
const fromDisk = (disk: object) => ({
  properties: { storageProfile: { osDisk: { ...OS, ...disk } } },
});
const sound = fromDisk({ osType: "Windows", snapshot: { id: SNAPSHOT } });
const sas = (signature: string): string => `sv=2024-11-04&se=2030-01-01&sr=b&sp=r&sig=${signature}`;

/** An error of the service that quotes what it should not. */
const TELLTALE = {
  code: "InternalExecutionError",
  message: `cannot read https://a.blob.core.windows.net/c/b.vhd?${sas(MARKS.errorSas)} with Bearer ${MARKS.errorToken} or AccountName=a;AccountKey=${MARKS.errorKey};`,
};

/** The same in the encodings that an error may quote a URL in, with a mark in each. */
const encodedError = (html: string, json: string, percent: string, escaped: string) => ({
  code: "InternalExecutionError",
  message: [
    `<a href="https://a/b?${sas(html).replaceAll("&", "&amp;")}">`,
    JSON.stringify({ sig: json }),
    encodeURIComponent(encodeURIComponent(`https://a/b?${sas(percent)}`)),
    `https://a/b?${sas(escaped).replaceAll("&", "\\u0026")}`,
  ].join(" "),
});
const ENCODED = encodedError(
  MARKS.errorHtml,
  MARKS.errorJson,
  MARKS.errorPercent,
  MARKS.errorEscape,
);
/** What an operation that has been accepted may end with. */
const ENCODED_OPERATION = encodedError(
  MARKS.operationHtml,
  MARKS.operationJson,
  MARKS.operationPercent,
  MARKS.operationEscape,
);

const lines: string[] = [];
const answers: string[] = [];
const folder = mkdtempSync(join(tmpdir(), "vhd-to-image-secrets-"));
let ingestion: Ingestion;
let test: TestWorld;
/** What the simulator signs the URLs of operations with. */
let signatures: readonly string[];
let token: string;

beforeAll(async () => {
  ingestion = await startIngestion();
  writeFileSync(join(folder, "ca.pem"), ingestion.ca);
  const settings = {
    // The exporter asks Microsoft for more than the telemetry endpoint; a test asks nobody outside.
    APPLICATION_INSIGHTS_NO_STATSBEAT: "true",
    HTTPS_PROXY: "http://127.0.0.1:9",
    NODE_OPTIONS: `--import ${new URL("../e2e/watch-telemetry.mjs", import.meta.url).href}`,
    LOADED_FILES: join(folder, "loaded"),
    TEST_CA: join(folder, "ca.pem"),
    APPLICATIONINSIGHTS_CONNECTION_STRING: ingestion.connectionString,
    APPLICATIONINSIGHTS_AUTHENTICATION_STRING: "Authorization=AAD",
    FUNCTIONS_HOST_KEY: MARKS.functionKey,
    FUNCTIONS_MASTER_KEY: MARKS.masterKey,
    DEFAULT_OS_TYPE: "Linux",
    DEFAULT_OS_STATE: "Generalized",
  };
  test = await startTestWorld(settings, (line) => lines.push(line));
  token = await takeToken();
  await driveEveryFlow();
  signatures = await listSignatures();
});
afterAll(async () => {
  await test.close();
  await ingestion.close();
  rmSync(folder, { recursive: true });
});

/** A token as the app gets them; the simulator's identity endpoint gives a new one to every caller. */
async function takeToken(): Promise<string> {
  const { endpoint, header } = test.world.arm.identity;
  const url = `${endpoint}?api-version=2019-08-01&resource=https://management.azure.com`;
  const answer = await fetch(url, { headers: { "x-identity-header": header } });
  return ((await answer.json()) as { access_token: string }).access_token;
}

async function driveEveryFlow(): Promise<void> {
  await test.fault({ method: "PUT", path: "images/refused", status: 400, error: TELLTALE });
  await test.fault({ method: "PUT", path: "images/broken", operation: "Failed", error: TELLTALE });
  await test.fault({ method: "PUT", path: "images/encoded", status: 400, error: ENCODED });
  await test.fault({
    method: "PUT",
    path: "images/ended",
    operation: "Failed",
    error: ENCODED_OPERATION,
  });
  await test.fault({
    method: "PUT",
    path: "images/retried",
    status: 503,
    error: TELLTALE,
    count: 2,
  });
  await test.fault({ method: "PUT", path: "images/open", operation: "Never" });
  await test.putManifest(
    "sas.json",
    fromDisk({ blobUri: `https://a.blob.core.windows.net/c/b.vhd?${sas(MARKS.sas)}` }),
  );
  await test.putManifest("relative.json", fromDisk({ blobUri: `b.vhd?${sas(MARKS.sas)}` }));
  await test.putManifest("key.json", { ...sound, [`https://a/b?${sas(MARKS.sas)}`]: 1 });
  await test.putManifest("value.json", { ...sound, imageName: `https://a/b?${sas(MARKS.sas)}` });
  await test.putManifest("comment.json", `// ${sas(MARKS.comment)}\n{ "imageName": 5 }`);
  await test.putManifest(
    "name.json",
    fromDisk({ blobUri: `https://a.blob.core.windows.net/c/b%3Fsig%3D${MARKS.encoded}.vhd` }),
  );
  await test.putManifest(
    "connection.json",
    fromDisk({ blobUri: `AccountName=a;AccountKey=${MARKS.connection}==;x.vhd` }),
  );
  for (const image of ["refused", "broken", "encoded", "ended", "retried", "open", "fine"]) {
    await test.putManifest(`${image}.json`, sound);
  }
  await test.putVhd("metadata.vhd", {
    metadata: { imagename: `https://a/b?sig=${MARKS.metadata}` },
  });
  const refused = ["sas", "relative", "key", "value", "comment", "name", "connection"];
  const failing = [...refused, "refused", "broken", "encoded", "ended"].map(
    (name) => `${name}.json`,
  );
  for (const source of [...failing, "metadata.vhd"]) {
    expect(await test.status(source)).toMatchObject({ state: "failed" });
  }
  for (const source of ["retried.json", "fine.json"]) {
    expect(await test.status(source)).toMatchObject({ state: "succeeded" });
  }
  await test.status("open.json", ({ state }) => state === "creating");
  await collectAnswers();
}

async function collectAnswers(): Promise<void> {
  const ask = async (path: string): Promise<string> => {
    const answer = await test.get(path);
    const text = `${JSON.stringify([...answer.headers])} ${await answer.text()}`;
    answers.push(text);
    return text;
  };
  const ids = [...(await ask("status?limit=100")).matchAll(/"requestId":"([a-z2-7]+)"/g)];
  expect(ids.length).toBeGreaterThanOrEqual(10);
  for (const [, id] of ids) await ask(`status/${id}`);
  for (const path of ["queue", "health", "schema/manifest", "status/none", "status?limit=0"])
    await ask(path);
  await ask(`status?x=${encodeURIComponent(`https://a/b?sig=${MARKS.query}`)}`);
  await ask(`status?${encodeURIComponent(`https://a/b?sig=${MARKS.query}`)}=1`);
  await ask(`status?source=${encodeURIComponent(`b.json?sig=${MARKS.query}`)}`);
  const call = await fetch(`${test.world.functions.url}/api/status?code=${MARKS.functionKey}`);
  answers.push(await call.text());
}

/** The signed parts of every operation's URL that the simulator gave out. */
async function listSignatures(): Promise<readonly string[]> {
  const urls = test.exchanges().flatMap(({ responseHeaders }) => {
    const url = responseHeaders?.["azure-asyncoperation"];
    return typeof url === "string" ? [new URL(url)] : [];
  });
  return urls.flatMap(({ searchParams }) =>
    ["c", "s", "h"].flatMap((name) => searchParams.get(name) ?? []),
  );
}

function secrets(): readonly string[] {
  const { key } = test.account;
  const { header } = test.world.arm.identity;
  return [...Object.values(MARKS), ...signatures, key, token, header];
}

/** The secrets that stand in any of the texts, and a piece of the text. */
function findSecrets(texts: readonly string[]): readonly string[] {
  return secrets().flatMap((secret) =>
    texts
      .filter((text) => text.includes(secret) || text.includes(encodeURIComponent(secret)))
      .map((text) => `${secret.slice(0, 24)}: ${text.slice(0, 400)}`),
  );
}

describe("no secret is in", () => {
  it("a log line of the app", () => {
    const own = lines.filter((line) => line.startsWith("app "));
    expect(own.length).toBeGreaterThan(50);
    expect(findSecrets(own)).toEqual([]);
  });

  it("an answer over HTTP", () => {
    expect(answers.length).toBeGreaterThan(15);
    expect(findSecrets(answers)).toEqual([]);
  });

  it("a row of the table, but for the one property that the running operation is asked with", async () => {
    const rows = await readRows(test);
    const running = rows.filter(({ operationUrl0 }) => operationUrl0 !== undefined);
    expect(running.map(({ source }) => source)).toEqual(["open.json"]);
    expect(findSecrets([String(running[0]?.operationUrl0)])).not.toEqual([]);
    const others = rows.map(({ operationUrl0: _, ...row }) => JSON.stringify(row));
    expect(findSecrets(others)).toEqual([]);
  });

  it("telemetry, which has the errors that secrets stood in", async () => {
    // What the app has not sent yet it sends within seconds.
    const sent = () => ingestion.texts.join("");
    const isAllSent = () => /ended\.json/.test(sent()) && /InternalExecutionError/.test(sent());
    await expect.poll(isAllSent, { timeout: 60_000 }).toBe(true);
    expect(sent()).toContain("REDACTED");
    expect(findSecrets(ingestion.texts)).toEqual([]);
  });

  it("a message of any queue", async () => {
    const messages = await takeMessages(test);
    const queues = new Set(messages.map(({ queue }) => queue));
    expect(queues).toContain("image-status");
    expect(findSecrets(messages.map(({ text }) => text))).toEqual([]);
  });
});

it("the search finds what is there: the secrets went where they had to go", async () => {
  expect(signatures.length).toBeGreaterThanOrEqual(9);
  expect(findSecrets([test.world.connectionString])).toHaveLength(1);
  expect(lines.filter((line) => line.includes("REDACTED")).length).toBeGreaterThan(0);
  const { items } = (await (await test.get("status?source=refused.json")).json()) as {
    items: { state: string; error: { message: string } }[];
  };
  expect(items.every(({ state }) => isTerminal(state as "failed"))).toBe(true);
  expect(items[0]?.error.message).toContain("sig=REDACTED");
  expect(items[0]?.error.message).toContain("Bearer REDACTED");
  expect(items[0]?.error.message).toContain("AccountKey=REDACTED");
});
