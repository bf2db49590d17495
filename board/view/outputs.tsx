import { visible } from "../model/format.ts";
import type { Output, Region } from "../model/status.ts";
import { FailureView } from "./failure.tsx";
import { Copy, Foreign, Progress, Section, State } from "./parts.tsx";

const KINDS: Readonly<Record<string, string>> = {
  managedImage: "Managed image",
  galleryVersion: "Gallery image version",
};

/** What a kind of output is called. */
export function nameOfKind(kind: string): string {
  return KINDS[kind] ?? visible(kind);
}

/** What a request makes, with the progress of each region. */
export function Outputs({ outputs }: { readonly outputs: readonly Output[] }) {
  if (outputs.length === 0) return null;
  return (
    <Section title="Outputs">
      <ul class="cards">
        {outputs.map((output, index) => (
          <li key={index}>
            <OutputCard output={output} />
          </li>
        ))}
      </ul>
    </Section>
  );
}

function OutputCard({ output }: { readonly output: Output }) {
  const kind = nameOfKind(output.kind);
  const regions = output.replication?.regions ?? [];
  return (
    <>
      <h3>
        {kind}
        {output.version ? ` ${visible(output.version)}` : ""}
      </h3>
      <p>
        <State state={output.state} />
      </p>
      {output.id !== null && (
        <div class="command">
          <code>{visible(output.id)}</code>
          <Copy text={output.id} what="the resource id" />
        </div>
      )}
      {regions.length > 0 && <Regions regions={regions} />}
      {output.error !== null && (
        <FailureView error={output.error} title={`Error of the ${kind.toLowerCase()}`} />
      )}
    </>
  );
}

function Regions({ regions }: { readonly regions: readonly Region[] }) {
  return (
    <table>
      <caption class="hidden">Replication by region</caption>
      <thead>
        <tr>
          <th scope="col">Region</th>
          <th scope="col">State</th>
          <th scope="col">Progress</th>
        </tr>
      </thead>
      <tbody>
        {regions.map(({ region, state, progress, details }) => (
          <tr key={region}>
            <th scope="row">
              <Foreign text={region} />
            </th>
            <td>
              <State state={state} />
              {details ? <small>{visible(details)}</small> : null}
            </td>
            <td>
              <Progress label={`Replication to ${region}`} percent={Math.round(progress ?? 0)} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
