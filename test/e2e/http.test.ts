import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import type { StatusView } from "../../shared/http/status-view.ts";
import { SNAPSHOT_MANIFEST } from "./manifests.ts";
import { startTestWorld, type TestWorld } from "./world.ts";

const ID = "https://vhd-to-image.example/openapi";
const document = parse(
  readFileSync(new URL("../../docs/openapi.yaml", import.meta.url), "utf8"),
) as unknown;
const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats.default(ajv);
ajv.addSchema(document as object, ID);

/** The node at a JSON pointer and where it is, references followed. */
function resolve(pointer: readonly string[]): { node: unknown; pointer: readonly string[] } {
  const node = pointer.reduce<unknown>(
    (at, key) => (at as Record<string, unknown>)?.[key],
    document,
  );
  const reference = (node as { $ref?: string } | undefined)?.$ref;
  return reference?.startsWith("#/") ? resolve(reference.split("/").slice(1)) : { node, pointer };
}

/** Holds a real answer against the document: status, content type and body. Returns the body. */
async function expectAsPromised(path: string, answer: Response): Promise<unknown> {
  const promised = resolve(["paths", path, "get", "responses", String(answer.status)]);
  expect(promised.node, `${path} promises ${answer.status}`).toBeDefined();
  const type = answer.headers.get("content-type")?.split(";")[0] ?? "";
  const schema = resolve([...promised.pointer, "content", type, "schema"]);
  expect(schema.node, `${path} promises ${type}`).toBeDefined();
  const toToken = (part: string): string =>
    encodeURIComponent(part.replaceAll("~", "~0").replaceAll("/", "~1"));
  const validate = ajv.compile({ $ref: `${ID}#/${schema.pointer.map(toToken).join("/")}` });
  const body: unknown = JSON.parse(await answer.text());
  validate(body);
  expect(validate.errors).toBeNull();
  return body;
}

let test: TestWorld;
beforeAll(async () => {
  test = await startTestWorld();
  await test.putManifest("web.json", SNAPSHOT_MANIFEST);
  await test.putManifest("wrong.json", '{ "imagename": 1 }');
  await test.putManifest("waits.json", {
    properties: {
      storageProfile: { osDisk: { osType: "Linux", osState: "Generalized", blobUri: "none.vhd" } },
    },
  });
  await test.status("web.json");
  await test.status("wrong.json");
  await test.status("waits.json", ({ state }) => state === "waiting");
});
afterAll(() => test.close());

describe("answers are what the OpenAPI document promises", () => {
  it.each([
    ["/api/status", "status", 200],
    ["/api/status", "status?state=failed&limit=1", 200],
    ["/api/status", "status?limit=0", 400],
    ["/api/status", "status?state=bogus", 400],
    ["/api/status", "status?colour=red", 400],
    ["/api/status", "status?cursor=forged", 400],
    ["/api/status/{requestId}", "status/nobody", 404],
    ["/api/queue", "queue", 200],
    ["/api/schema/manifest", "schema/manifest", 200],
    ["/api/health", "health", 200],
  ])("%s: %s", async (path, request, status) => {
    const answer = await test.get(request);
    expect(answer.status).toBe(status);
    await expectAsPromised(path, answer);
    expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
    expect(answer.headers.get("cache-control")).toBe("no-store");
  });

  it.each(["web.json", "wrong.json", "waits.json"])("one status, of %s", async (source) => {
    const { requestId } = await test.status(source, () => true);
    const answer = await test.get(`status/${requestId}`);
    expect(await expectAsPromised("/api/status/{requestId}", answer)).toMatchObject({
      requestId,
      source,
    });
  });
});

describe("keys", () => {
  const call = (path: string, query = ""): Promise<Response> =>
    fetch(`${test.world.functions.url}/api/${path}${query}`);

  it.each(["status", "status/abc", "queue"])(
    "%s is answered to nobody without one",
    async (path) => {
      expect((await call(path)).status).toBe(401);
      expect((await call(path, "?code=wrong")).status).toBe(401);
    },
  );

  it.each(["schema/manifest", "health"])("%s needs none", async (path) => {
    expect((await call(path)).status).toBe(200);
  });

  it("a key in the query is as good as one in the header", async () => {
    expect((await call("status", `?code=${test.world.functions.key}&limit=1`)).status).toBe(200);
  });
});

describe("one status", () => {
  it("is not sent again to whoever has it", async () => {
    const { requestId } = await test.status("web.json");
    const first = await test.get(`status/${requestId}`);
    const etag = first.headers.get("etag") ?? "";
    const second = await test.get(`status/${requestId}`, { "if-none-match": etag });
    expect(second.status).toBe(304);
    expect(await second.text()).toBe("");
    expect((await test.get(`status/${requestId}`, { "if-none-match": '"other"' })).status).toBe(
      200,
    );
  });

  it("says when to ask again, as long as it can change", async () => {
    const waiting = await test.status("waits.json", () => true);
    const done = await test.status("web.json");
    const retryAfter = async ({ requestId }: StatusView): Promise<string | null> =>
      (await test.get(`status/${requestId}`)).headers.get("retry-after");
    expect(Number(await retryAfter(waiting))).toBeGreaterThanOrEqual(1);
    expect(await retryAfter(done)).toBeNull();
  });
});

it("pages through the list without a gap", async () => {
  const seen: string[] = [];
  let cursor: string | null = "";
  while (cursor !== null) {
    const answer = await test.get(
      `status?limit=1${cursor && `&cursor=${encodeURIComponent(cursor)}`}`,
    );
    const page = (await answer.json()) as { items: StatusView[]; nextCursor: string | null };
    seen.push(...page.items.map(({ source }) => source));
    cursor = page.nextCursor;
  }
  expect([...seen].sort()).toEqual(["waits.json", "web.json", "wrong.json"]);
});

it("the status queue has every state change, in order and without a gap; a repeat bears the same id", async () => {
  const { requestId } = await test.status("web.json");
  const { messages } = (await (await test.get("queue")).json()) as {
    messages: { id: string; sequence: string; data: { requestId: string; state: string } }[];
  };
  const own = messages.filter(({ data }) => data.requestId === requestId);
  const seen = new Set(own.map(({ id, data }) => `${id} ${data.state}`));
  expect([...seen]).toEqual(
    ["received", "waiting", "submitting", "creating", "succeeded"].map(
      (state, index) => `${requestId}-${index + 1} ${state}`,
    ),
  );
});

it("health says which dependency fails, and not why", async () => {
  await test.uploads.delete();
  // Health is cached for some seconds.
  const status = async (): Promise<number> => (await test.get("health")).status;
  await expect.poll(status, { timeout: 60_000, interval: 500 }).toBe(503);
  const answer = await test.get("health");
  const body = await expectAsPromised("/api/health", answer);
  expect(body).toMatchObject({ status: "unhealthy" });
  expect(JSON.stringify(body)).toContain('{"name":"uploads container","status":"failing"}');
  expect(JSON.stringify(body)).not.toMatch(/127\.0\.0\.1|test\d+|ContainerNotFound/);
});
