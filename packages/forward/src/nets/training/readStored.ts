import { type BatchTarget, FormatError, type StoredReader } from "@materiome/core";
import type { Normalisation } from "./normalisation.ts";
import type { EpochRecord } from "./trainNetwork.ts";

export function readNumbers(stored: StoredReader, list: unknown, what: string): number[] {
  return stored.list(list, what).map((value) => stored.number(value, what));
}

export function readTargets(stored: StoredReader, data: unknown): BatchTarget[] {
  return stored.list(data, "targets").map((target) => {
    const { name, kind, labels } = stored.record(target, "one of targets");
    const kinds = ["classes", "presence", "values"] as const;
    return {
      name: stored.text(name, "targets: name"),
      kind: stored.oneOf(kind, kinds, "targets: kind"),
      labels: stored.texts(labels, "targets: labels"),
    };
  });
}

export function readCurve(stored: StoredReader, data: unknown): EpochRecord[] {
  return stored.list(data, "curve").map((record) => {
    const { epoch, trainingLoss, validationLoss, learningRate } = stored.record(record, "an epoch");
    return {
      epoch: stored.number(epoch, "epoch"),
      trainingLoss: stored.number(trainingLoss, "trainingLoss"),
      validationLoss: stored.number(validationLoss, "validationLoss"),
      learningRate: stored.number(learningRate, "learningRate"),
    };
  });
}

/** @throws FormatError unless there is one mean and one deviation above 0 for each of n */
export function readNormalisation(
  who: string,
  stored: StoredReader,
  data: { readonly mean: unknown; readonly deviation: unknown },
  n: number,
): Normalisation {
  const mean = readNumbers(stored, data.mean, "mean");
  const deviation = readNumbers(stored, data.deviation, "deviation");
  if (mean.length !== n || deviation.length !== n || !deviation.every((d) => d > 0)) {
    throw new FormatError(`${who}: mean and deviation do not fit ${n} channels`);
  }
  return { mean, deviation };
}
