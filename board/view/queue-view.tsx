import type { BoardState } from "../data/state.ts";
import { formatAge, visible } from "../model/format.ts";
import type { QueueMessage } from "../model/queue.ts";
import { formatRoute } from "../model/route.ts";
import { Foreign, State } from "./parts.tsx";

interface Props {
  readonly queue: BoardState["queue"];
  readonly now: number;
}

/** The messages that the next reader of the status queue gets; looking leaves them there. */
export function QueueView({ queue: { head, problem }, now }: Props) {
  return (
    <>
      <h1 tabIndex={-1}>Status queue</h1>
      <p>
        The oldest messages of the status queue. They stay there until a reader of the queue
        consumes them, at most for seven days.
      </p>
      {problem !== null && (
        <p class="notice" role="alert">
          {visible(problem)}
        </p>
      )}
      {head === null && problem === null && <p>Loading…</p>}
      {head?.messages.length === 0 && <p>The queue has no messages to show.</p>}
      {head !== null && head.messages.length > 0 && (
        <>
          <p>
            {head.messages.length} of about {head.count} messages, the oldest first.
          </p>
          <Messages messages={head.messages} now={now} />
        </>
      )}
    </>
  );
}

function Messages(props: { readonly messages: readonly QueueMessage[]; readonly now: number }) {
  return (
    <table class="list">
      <caption class="hidden">Messages of the status queue, the oldest first</caption>
      <thead>
        <tr>
          <th scope="col">State</th>
          <th scope="col">Upload</th>
          <th scope="col" class="wide">
            Message
          </th>
          <th scope="col">Age</th>
        </tr>
      </thead>
      <tbody>
        {props.messages.map(({ id, time, kind, source, requestId, state, message }) => (
          <tr key={id}>
            <td>
              <State state={state} />
            </td>
            <th scope="row">
              {requestId === null ? (
                <Foreign text={source} />
              ) : (
                <a href={formatRoute({ view: "request", requestId })}>
                  <Foreign text={source} />
                </a>
              )}
              <small>{visible(kind)}</small>
            </th>
            <td class="wide">
              <Foreign text={message} />
            </td>
            <td>
              <time dateTime={time}>{formatAge(time, props.now)}</time>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
