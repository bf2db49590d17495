import { ServiceError } from "../../shared/errors.ts";
import type { SourceFacts, SourceService } from "../../shared/ports.ts";

/** Snapshots, disks and machines in memory. Every one exists and says nothing about itself. */
export interface FakeSourceService extends SourceService {
  /** The ids that were requested, in order. */
  readonly reads: string[];
  /** From now on a resource tells this, does not exist (null), or cannot be read. */
  set(id: string, answer: Partial<SourceFacts> | ServiceError | null): void;
}

export function createFakeSourceService(): FakeSourceService {
  const reads: string[] = [];
  const answers = new Map<string, Parameters<FakeSourceService["set"]>[1]>();
  return {
    reads,
    set: (id, answer) => void answers.set(id.toLowerCase(), answer),
    async read({ id }) {
      reads.push(id);
      const answer = answers.get(id.toLowerCase());
      if (answer instanceof ServiceError) throw answer;
      return answer === null ? null : { ...SILENT, ...answer };
    },
  };
}

const SILENT: SourceFacts = {
  location: null,
  osType: null,
  hyperVGeneration: null,
  architecture: null,
  securityType: null,
  sizeGib: null,
  machine: null,
};
