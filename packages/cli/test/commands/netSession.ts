import type { SegmentTrainOptions } from "../../src/commands/segmentTrain.ts";
import type { Session } from "../../src/terminal/session.ts";

interface Heard {
  readonly session: Session;
  readonly notes: string[];
  readonly warnings: string[];
  readonly results: Record<string, unknown>[];
}

/** A session of this process that keeps what it is told. */
export function listen(signal = new AbortController().signal, onProgress: () => void = () => undefined): Heard {
  const notes: string[] = [];
  const warnings: string[] = [];
  const results: Record<string, unknown>[] = [];
  const ignore = (): void => undefined;
  const session = {
    ...{ seed: 1, threads: 1, signal, onProgress, output: ignore, say: ignore },
    note: (text: string) => notes.push(text),
    warn: (text: string) => warnings.push(text),
    result: (document: Record<string, unknown>) => results.push(document),
  };
  return { session: session as unknown as Session, notes, warnings, results };
}

/** A small U-Net that learns fast. */
export const net: Required<Pick<SegmentTrainOptions, "classes">> &
  Pick<SegmentTrainOptions, "learner" | "filters" | "patch" | "normalise" | "augment"> = {
  classes: ["matrix", "rough"],
  learner: "unet",
  filters: [4, 8],
  patch: 32,
  normalise: "none",
  augment: ["flip", "turn"],
};
