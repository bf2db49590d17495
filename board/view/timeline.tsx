import { formatClock, formatDuration } from "../model/format.ts";
import { type Status, toneOf } from "../model/status.ts";
import { listShares, listSteps } from "../model/timeline.ts";
import { Foreign, Section, State, Time } from "./parts.tsx";

/** The states of a request with their durations, and every event. */
export function Timeline({ status, now }: { readonly status: Status; readonly now: number }) {
  const steps = listSteps(status, now);
  const shares = listShares(steps);
  return (
    <Section title="Timeline">
      <ol class="timeline">
        {steps.map(({ state, at, duration, isCurrent }, index) => (
          <li
            key={`${at} ${state}`}
            class={isCurrent ? toneOf(state) : "ended"}
            style={{ flexGrow: shares[index] ?? 0 }}
            aria-current={isCurrent ? "step" : undefined}
          >
            <State state={state} isPassed={!isCurrent} />
            <span>{duration === null ? formatClock(at) : formatDuration(duration)}</span>
          </li>
        ))}
      </ol>
      <details>
        <summary>All {status.events.length} events</summary>
        <table>
          <caption class="hidden">Events, oldest first</caption>
          <thead>
            <tr>
              <th scope="col">Time</th>
              <th scope="col">State</th>
              <th scope="col">What happened</th>
            </tr>
          </thead>
          <tbody>
            {status.events.map(({ at, state, message }, index) => (
              <tr key={index}>
                <td>
                  <Time at={at} />
                </td>
                <td>
                  <State state={state} />
                </td>
                <td>
                  <Foreign text={message} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </Section>
  );
}
