import { describeFinding, listPartitions } from "../model/finding.ts";
import { percent, visible } from "../model/format.ts";
import { describeConversion } from "../model/reasons.ts";
import { type Disk, nameOfDisk } from "../model/status.ts";
import { Foreign, Progress, Section, State } from "./parts.tsx";

/** The disks of a request: their states, what was found on them, how far a conversion is. */
export function Disks({ disks }: { readonly disks: readonly Disk[] }) {
  if (disks.length === 0) return null;
  return (
    <Section title="Disks">
      <ul class="cards">
        {disks.map((disk) => (
          <li key={`${disk.role} ${disk.lun ?? ""} ${nameOfDisk(disk)}`}>
            <DiskCard disk={disk} />
          </li>
        ))}
      </ul>
    </Section>
  );
}

function DiskCard({ disk }: { readonly disk: Disk }) {
  const { conversion, inspection } = disk;
  return (
    <>
      <h3>
        <Foreign text={nameOfDisk(disk)} />
      </h3>
      <p>
        {roleOf(disk)} <State state={disk.state} />
        {disk.detail !== null && (
          <>
            : <Foreign text={disk.detail} />
          </>
        )}
      </p>
      {conversion && (
        <p>
          Converted to <Foreign text={conversion.to} />
          {conversion.mode ? ` (${visible(conversion.mode)})` : ""}:{" "}
          {describeConversion(conversion)}
          <br />
          <Progress
            label={`Conversion of ${nameOfDisk(disk)}`}
            percent={percent(conversion.bytesDone, conversion.bytesTotal)}
          />
        </p>
      )}
      {inspection !== null && (
        <>
          <p>{describeFinding(inspection)}</p>
          <details>
            <summary>Partitions and reasons</summary>
            <ul>
              {listPartitions(inspection).map((text, index) => (
                <li key={index}>{text}</li>
              ))}
            </ul>
            <ul>
              {inspection.reasons.map((text) => (
                <li key={text}>{visible(text)}</li>
              ))}
            </ul>
          </details>
        </>
      )}
      {disk.warnings.length > 0 && (
        <ul class="warnings">
          {disk.warnings.map((text) => (
            <li key={text}>{visible(text)}</li>
          ))}
        </ul>
      )}
    </>
  );
}

function roleOf({ role, lun }: Disk): string {
  if (role === "os") return "OS disk";
  return role === "data" ? `Data disk ${lun ?? ""}` : visible(role);
}
