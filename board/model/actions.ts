import { isEnd, type Status } from "./status.ts";

/** Something that can be done to a request. */
export type Action = "cancel" | "retry";

/** The question before an action: what will happen, and the two answers. */
export interface Question {
  readonly title: string;
  readonly consequences: readonly string[];
  readonly yes: string;
  readonly no: string;
}

/** The action that a request allows now; null when there is none. */
export function actionFor(status: Pick<Status, "state" | "retriedBy">): Action | null {
  if (isEnd(status.state)) return status.retriedBy ? null : "retry";
  return status.state === "creating" ? null : "cancel";
}

/** What to say before an action on a request. */
export function questionFor(action: Action, status: Status): Question {
  return action === "cancel" ? askCancel(status) : askRetry(status);
}

function askCancel(status: Status): Question {
  const consequences = [
    "The request ends as canceled. That is final; a retry opens a new request.",
    "The uploaded files stay where they are.",
  ];
  if (status.state === "converting") {
    consequences.push("The conversion stops, and its unfinished copy is deleted.");
  }
  if (status.state === "submitting") {
    consequences.push(
      "If Azure is already building the image, the app refuses: Azure cannot cancel that.",
    );
  }
  return {
    title: `Cancel ${status.source}?`,
    consequences,
    yes: "Cancel the request",
    no: "Keep it running",
  };
}

function askRetry(status: Status): Question {
  const consequences = [
    "A new request is opened for the same upload. This one stays as it is.",
    "The app refuses when the upload was changed or deleted since.",
  ];
  if (status.state === "succeeded") {
    consequences.push("The image exists: the new request only succeeds if it still matches.");
  } else if (status.error !== null && !status.error.retryable) {
    consequences.push("The same error returns unless its cause was fixed.");
  }
  return {
    title: `Retry ${status.source}?`,
    consequences,
    yes: "Retry the upload",
    no: "Do nothing",
  };
}

/** The commands of the command line for a request, to be pasted. */
export function listCommands(
  status: Pick<Status, "requestId" | "state" | "retriedBy">,
): readonly string[] {
  const action = actionFor(status);
  return [
    `vhd-to-image ${isEnd(status.state) ? "status" : "watch"} ${status.requestId}`,
    ...(action === null ? [] : [`vhd-to-image ${action} ${status.requestId}`]),
  ];
}
