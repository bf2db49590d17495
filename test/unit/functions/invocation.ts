import { HttpRequest, InvocationContext } from "@azure/functions";

/** What an invocation logged: level and text. */
export type LogLine = readonly [level: string, text: string];

/** An invocation whose log is kept. */
export function makeInvocation(): { invocation: InvocationContext; lines: LogLine[] } {
  const lines: LogLine[] = [];
  const invocation = new InvocationContext({
    functionName: "test",
    logHandler: (level, ...args) => lines.push([level, args.join(" ")]),
  });
  return { invocation, lines };
}

/** An invocation for a message of a poison queue, as the host delivers it for the nth time. */
export function makePoisonDelivery(dequeueCount = 1) {
  const lines: LogLine[] = [];
  const invocation = new InvocationContext({
    functionName: "test",
    triggerMetadata: { dequeueCount },
    logHandler: (level, ...args) => lines.push([level, args.join(" ")]),
  });
  const eventsNamed = (name: string): unknown[] =>
    lines.map(([, text]) => JSON.parse(text)).filter(({ event }) => event === name);
  return { invocation, eventsNamed };
}

/** A request to the app, a GET unless said, `path` beginning below the route prefix. */
export function makeRequest(
  path: string,
  options: {
    method?: "GET" | "POST";
    params?: Record<string, string>;
    headers?: Record<string, string>;
  } = {},
): HttpRequest {
  const url = new URL(path, "http://127.0.0.1/api/");
  return new HttpRequest({
    method: "GET",
    url: url.href,
    query: Object.fromEntries(url.searchParams),
    ...options,
  });
}
