import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { recordHttpRegistrations } from "./app-registration.ts";
import { readCodes, readTables } from "./markdown.ts";
import { readProjectFile } from "./source-files.ts";

const { extensions } = JSON.parse(readProjectFile("host.json")) as {
  extensions: { http: { routePrefix: string } };
};

/** `GET /api/status (function)` for every registered route, in order. */
const registered = (await recordHttpRegistrations())
  .map(
    ({ method, route, authLevel }) =>
      `${method} /${extensions.http.routePrefix}/${route} (${authLevel})`,
  )
  .sort();

describe("the HTTP routes", () => {
  it("are registered", () => {
    expect(registered).toContain("GET /api/status (function)");
  });

  it.each([["docs/status-api.md", "## Routes"]])("are those in %s", (document, heading) => {
    const documented = readTables(document, heading).map(
      (row) => `${readCodes(row.route)[0]} (${readCodes(row.key)[0] ?? row.key})`,
    );
    expect(withoutQueries(documented)).toEqual(registered);
  });

  it("are those of the OpenAPI document, with the same keys", () => {
    const { paths } = parse(readProjectFile("docs/openapi.yaml")) as {
      paths: Record<string, Record<string, { security?: unknown[] }>>;
    };
    const described = Object.entries(paths).flatMap(([path, operations]) =>
      Object.entries(operations).map(([method, { security }]) => {
        const authLevel = security?.length === 0 ? "anonymous" : "function";
        return `${method.toUpperCase()} ${path} (${authLevel})`;
      }),
    );
    expect(described.sort()).toEqual(registered);
  });

  it("are all in requests.http, with a key where they need one, and with the content type of a POST", () => {
    const blocks = readProjectFile("requests.http")
      .split(/^###.*$/m)
      .slice(1);
    const listed = blocks.map((block) => {
      const [, method = "", url = ""] = /^(GET|POST) \{\{app\}\}(\S+)$/m.exec(block) ?? [];
      expect(/^content-type: application\/json$/m.test(block)).toBe(method === "POST");
      const authLevel = /^x-functions-key: \{\{key\}\}$/m.test(block) ? "function" : "anonymous";
      return `${method} ${url.replace("{{requestId}}", "{requestId}")} (${authLevel})`;
    });
    expect([...new Set(withoutQueries(listed))]).toEqual(
      registered.filter((route) => !route.includes("/api/board ")),
    );
  });
});

/** Routes as they are registered: without the query of a table's example. */
function withoutQueries(routes: readonly string[]): readonly string[] {
  return routes.map((route) => route.replace(/\?\S*/, "")).sort();
}
