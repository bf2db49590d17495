import type { BoardState } from "../data/state.ts";
import { listCommands } from "../model/actions.ts";
import { visible } from "../model/format.ts";
import { listReasons } from "../model/reasons.ts";
import { formatRoute } from "../model/route.ts";
import type { Status } from "../model/status.ts";
import { Actions } from "./actions.tsx";
import { Disks } from "./disks.tsx";
import { FailureView } from "./failure.tsx";
import { Outputs } from "./outputs.tsx";
import { CommandLine, Foreign, RawJson, Section, State, Time, Warnings } from "./parts.tsx";
import { Timeline } from "./timeline.tsx";

interface Props {
  readonly requestId: string;
  readonly state: BoardState;
}

/** One request in full. */
export function RequestView({ requestId, state }: Props) {
  const { status, problem } = state.request;
  if (status === null) {
    return (
      <>
        <h1 tabIndex={-1}>Request {requestId}</h1>
        <p role={problem === null ? undefined : "alert"}>
          {problem === null
            ? "Loading…"
            : `${visible(problem)} A new upload can take two minutes to appear; this page keeps checking.`}
        </p>
      </>
    );
  }
  const reasons = listReasons(status, state.now);
  return (
    <>
      <h1 tabIndex={-1}>
        <Foreign text={status.source} />
      </h1>
      <p class="summary">
        <State state={status.state} />
        {status.image !== null && (
          <span>
            image <Foreign text={status.image.name} />
          </span>
        )}
        <span>
          last change <Time at={status.updatedAt} />
        </span>
      </p>
      <Related status={status} />
      {reasons.length > 0 && (
        <Section title="What happens now">
          <ul>
            {reasons.map((reason) => (
              <li key={reason}>{reason}</li>
            ))}
          </ul>
        </Section>
      )}
      {status.error !== null && <FailureView error={status.error} title="Error" />}
      {state.canAct && <Actions status={status} outcome={state.request.outcome} />}
      <Timeline status={status} now={state.now} />
      <Disks disks={status.disks} />
      <Outputs outputs={status.outputs ?? []} />
      <Warnings texts={status.warnings} />
      <Section title="On the command line">
        {listCommands(status).map((text) => (
          <CommandLine key={text} text={text} what={`the command ${text}`} />
        ))}
      </Section>
      <RawJson value={status} what="the request" />
    </>
  );
}

function Related({ status: { retryOf, retriedBy } }: { readonly status: Status }) {
  const link = (requestId: string) => (
    <a href={formatRoute({ view: "request", requestId })}>{visible(requestId)}</a>
  );
  return (
    <>
      {retryOf && <p>This request retries {link(retryOf)}.</p>}
      {retriedBy && <p>This request was retried by {link(retriedBy)}.</p>}
    </>
  );
}
