import type { HostFunction } from "../functions.ts";
import type { HostContext } from "../host-context.ts";
import type { HostKeys } from "../keys.ts";
import type { Listeners } from "../listeners.ts";
import { runByHand } from "../run-by-hand.ts";
import type { Triggers } from "../triggers.ts";
import { createDispatcher } from "./dispatch.ts";
import type { HostAnswer, HostRequest } from "./exchange.ts";
import { createFunctionRouter } from "./router.ts";

/** Answers 503 until it is opened, and everything afterwards. */
export interface FrontDoor {
  readonly answer: (request: HostRequest) => Promise<HostAnswer>;
  /** Lets requests in when the listeners are there. */
  readonly open: (listeners: Listeners) => void;
}

/** Returns the front door of a host that is starting. */
export function createFrontDoor(
  functions: readonly HostFunction[],
  triggers: Triggers,
  keys: HostKeys,
  context: HostContext,
): FrontDoor {
  let dispatch = (_: HostRequest): Promise<HostAnswer> => Promise.resolve({ status: 503 });
  return {
    answer: (request) => dispatch(request),
    open({ blobs }) {
      dispatch = createDispatcher({
        keys,
        faults: context.faults,
        routeFunctions: createFunctionRouter(triggers.http, keys, context),
        acceptBlobEvent: blobs?.accept,
        admin: {
          hostId: context.hostId,
          keys,
          functions,
          indexingErrors: triggers.errors,
          runFunction: (target, input) => runByHand(target, input, triggers, context),
        },
      });
    },
  };
}
