import type { app as functionApp } from "@azure/functions";
import type { ActionRules } from "../shared/http/refuse-action.ts";
import { guardAction } from "./guard-action.ts";
import { type Answer, makeHttpHandler } from "./http-handler.ts";

/** Who may call a route: whoever has a key for it, or anybody. */
type AuthLevel = "function" | "anonymous";

/** How the routes of the app are registered. */
export interface HttpRegistry {
  /** An answer to GET. */
  readonly get: (name: string, route: string, authLevel: AuthLevel, answer: Answer) => void;
  /**
   * An answer to POST, an action: for holders of a key only. Whether it answers at all is decided
   * before anything is loaded.
   */
  readonly post: (name: string, route: string, answer: Answer) => void;
}

/** Registers HTTP functions; whatever their answers throw is explained as problem+json. */
export function registerHttp(
  app: Pick<typeof functionApp, "http">,
  rules: ActionRules,
): HttpRegistry {
  return {
    get: (name, route, authLevel, answer) =>
      app.http(name, { methods: ["GET"], route, authLevel, handler: makeHttpHandler(answer) }),
    post: (name, route, answer) => {
      const handler = makeHttpHandler(guardAction(answer, rules));
      app.http(name, { methods: ["POST"], route, authLevel: "function", handler });
    },
  };
}
