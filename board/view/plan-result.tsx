import type { Outcome } from "../data/state.ts";
import { visible } from "../model/format.ts";
import { type Plan, type PlannedOutput, readPlan } from "../model/plan.ts";
import { Disks } from "./disks.tsx";
import { FailureView } from "./failure.tsx";
import { nameOfKind } from "./outputs.tsx";
import { Foreign, RawJson, Section, Warnings } from "./parts.tsx";

/** What the app said about a manifest. */
export function PlanResult({ outcome }: { readonly outcome: Outcome }) {
  if (outcome.kind === "none" || outcome.kind === "busy") return null;
  const plan = readPlan(outcome.body);
  if (plan !== null) return <Planned plan={plan} body={outcome.body} />;
  if (outcome.kind === "done") return <RawJson value={outcome.body} what="the plan" />;
  const isMissing = (outcome.status === 404 && outcome.body === null) || outcome.status === 405;
  return (
    <p class="notice" role="alert">
      {isMissing
        ? "This app cannot plan yet: deploy its current version. Until then, upload the manifest: mistakes end the request before anything is created."
        : visible(outcome.detail)}
    </p>
  );
}

function Planned({ plan, body }: { readonly plan: Plan; readonly body: unknown }) {
  return (
    <>
      <Section title="What the upload would do">
        <p>
          <strong class={plan.verdict === null ? "bad" : "good"}>{plan.verdict ?? "fail"}</strong>:{" "}
          {visible(plan.message)}
        </p>
      </Section>
      {plan.error !== null && <FailureView error={plan.error} title="Error" />}
      {plan.outputs.length > 0 && (
        <Section title="Outputs">
          {plan.outputs.map((output) => (
            <PlannedCalls key={output.kind} output={output} />
          ))}
        </Section>
      )}
      <Disks disks={plan.disks} />
      <Warnings texts={plan.warnings} />
      <RawJson value={body} what="the plan" />
    </>
  );
}

function PlannedCalls({ output }: { readonly output: PlannedOutput }) {
  return (
    <>
      <h3>
        {nameOfKind(output.kind)}
        {output.version ? ` ${visible(output.version)}` : ""}: {visible(output.action)}
      </h3>
      {output.id !== null && (
        <p>
          <Foreign text={output.id} />
        </p>
      )}
      {output.detail !== null && <p>{visible(output.detail)}</p>}
      {output.error !== null && <p class="bad">{visible(output.error.message)}</p>}
      <ol>
        {output.requests.map(({ method, url, body }) => (
          <li key={`${method} ${url}`}>
            <code>
              {visible(method)} {visible(url)}
            </code>
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard. */}
            <pre tabIndex={0}>{JSON.stringify(body, null, 2)}</pre>
          </li>
        ))}
      </ol>
    </>
  );
}
