import { useEffect, useRef, useState } from "preact/hooks";
import type { Outcome } from "../data/state.ts";
import { type Action, actionFor, type Question, questionFor } from "../model/actions.ts";
import { visible } from "../model/format.ts";
import type { Status } from "../model/status.ts";
import { useBoard } from "./context.ts";

const LABELS: Readonly<Record<Action, string>> = { cancel: "Cancel…", retry: "Retry…" };

interface Props {
  readonly status: Status;
  readonly outcome: Outcome;
}

/**
 * What can be done to a request, and how it went. The button is not disabled while it is busy: it would
 * lose the focus.
 */
export function Actions({ status, outcome }: Props) {
  const board = useBoard();
  const [asked, setAsked] = useState<Action | null>(null);
  const action = actionFor(status);
  const isBusy = outcome.kind === "busy";
  const answer = (isYes: boolean) => {
    setAsked(null);
    if (isYes && asked !== null) void board.act(asked);
  };
  return (
    <div class="actions">
      {action !== null && (
        <button type="button" aria-disabled={isBusy} onClick={() => !isBusy && setAsked(action)}>
          {isBusy ? "Sending…" : LABELS[action]}
        </button>
      )}
      {status.state === "creating" && (
        <p>
          Azure is building and cannot cancel that. Delete the image when the request has ended.
        </p>
      )}
      {outcome.kind === "refused" && (
        <p class="notice" role="alert">
          {visible(outcome.detail)}
        </p>
      )}
      {asked !== null && <Confirm question={questionFor(asked, status)} onAnswer={answer} />}
    </div>
  );
}

function Confirm(props: {
  readonly question: Question;
  readonly onAnswer: (isYes: boolean) => void;
}) {
  const { question, onAnswer } = props;
  const dialog = useRef<HTMLDialogElement>(null);
  const answer = (isYes: boolean) => {
    // Closing it gives the focus back to the button that opened it.
    dialog.current?.close();
    onAnswer(isYes);
  };
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog
      ref={dialog}
      aria-labelledby="question"
      onCancel={(event) => {
        event.preventDefault();
        answer(false);
      }}
    >
      <h2 id="question">{visible(question.title)}</h2>
      <ul>
        {question.consequences.map((text) => (
          <li key={text}>{text}</li>
        ))}
      </ul>
      <div class="buttons">
        <button type="button" onClick={() => answer(false)}>
          {question.no}
        </button>
        <button type="button" class="primary" onClick={() => answer(true)}>
          {question.yes}
        </button>
      </div>
    </dialog>
  );
}
