import type { Outcome } from "../data/state.ts";
import { visible, visibleLines } from "../model/format.ts";
import { readPlan, readPlanMistakes } from "../model/plan.ts";
import { RawJson, Section } from "./parts.tsx";

/** What the app said about a manifest. */
export function PlanResult({ outcome }: { readonly outcome: Outcome }) {
  if (outcome.kind === "none" || outcome.kind === "busy") return null;
  if (outcome.kind === "refused") return <Refusal outcome={outcome} />;
  const { puts, warnings } = readPlan(outcome.body);
  return (
    <>
      <Section title="What the upload would do">
        {puts.length === 0 && <p>The answer is below.</p>}
        <ol>
          {puts.map(({ method, url, body }) => (
            <li key={url}>
              <code class="break">
                {visible(method)} {visible(url)}
              </code>
              {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard. */}
              {body !== undefined && <pre tabIndex={0}>{JSON.stringify(body, null, 2)}</pre>}
            </li>
          ))}
        </ol>
        {warnings.length > 0 && (
          <ul class="warnings">
            {warnings.map((text) => (
              <li key={text}>{visible(text)}</li>
            ))}
          </ul>
        )}
      </Section>
      <RawJson value={outcome.body} what="the plan" />
    </>
  );
}

function Refusal({ outcome }: { readonly outcome: Extract<Outcome, { kind: "refused" }> }) {
  const isMissing = outcome.status === 404 || outcome.status === 405;
  const mistakes = readPlanMistakes(outcome.body);
  return (
    <div class="notice" role="alert">
      <p>
        {isMissing
          ? "This app cannot plan yet. Update it, or upload the manifest: mistakes then end the request before anything is created."
          : visible(outcome.detail)}
      </p>
      <ul>
        {mistakes.map((text) => (
          <li key={text} class="lines">
            {visibleLines(text)}
          </li>
        ))}
      </ul>
    </div>
  );
}
