import { stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import {
  createMatrix,
  DataError,
  isMateriomeError,
  type Matrix,
  type Prediction,
  type Raster,
  writeFileAtomic,
} from "@materiome/core";
import type { ImageClassPrediction } from "@materiome/forward/nets";
import { type ImageModel, readImageModel } from "../images/imageModel.ts";
import { type ImageSample, readImageSamples, type SampleOptions } from "../images/imageSamples.ts";
import { classScoresOf, valueScoresOf } from "../images/imageScores.ts";
import { readImageFor } from "../images/prepareImages.ts";
import { expandImages } from "../input/expandImages.ts";
import { prepareFolder } from "../output/prepareFolder.ts";
import { EXIT, type SetExitCode, UsageError } from "../terminal/exitCodes.ts";
import { counted, figures, percent } from "../terminal/figures.ts";
import type { CommonOptions, Session } from "../terminal/session.ts";
import { textTable } from "../terminal/textTable.ts";
import { versions } from "../version.ts";

export interface ImagesPredictOptions extends CommonOptions, SampleOptions {
  readonly model: string;
  readonly out?: string;
  readonly pixelSize?: number;
  readonly otherScale?: "refuse" | "ignore";
  readonly otherColour?: "refuse" | "convert";
  readonly score?: boolean;
}

/** Images that are predicted together: memory is that of their numbers. */
const AT_ONCE = 64;
const SHOWN = 20;

/** `materiome images predict IMAGES --model MODEL`: the class or values of each image; with `--score`, how good they are. */
export async function runImagesPredictCommand(
  names: readonly string[],
  options: ImagesPredictOptions,
  session: Session,
  setExitCode: SetExitCode,
): Promise<void> {
  const model = await readImageModel(options.model);
  const isScored = options.score ?? false;
  const samples = await samplesOf(
    names,
    model.kind === "values" ? model.targets.map(({ name }) => name) : undefined,
    options,
    session,
  );
  if (options.out !== undefined) await prepareFolder(dirname(resolve(options.out)));
  const rules = {
    pixelSizeUm: options.pixelSize,
    otherScale: options.otherScale ?? "refuse",
    otherColour: options.otherColour ?? "refuse",
  };
  const rows: PredictedRow[] = [];
  const skipped: { readonly file: string; readonly reason: string }[] = [];
  const known = new Set(model.known);
  let nUnscaled = 0;
  let nOutside = 0;
  let level: number | undefined;
  for (let from = 0; from < samples.length; from += AT_ONCE) {
    const read: { readonly sample: ImageSample; readonly image: Raster<Float32Array>; readonly isKnown: boolean }[] =
      [];
    for (const sample of samples.slice(from, from + AT_ONCE)) {
      session.signal.throwIfAborted();
      try {
        const { image, content, isUnscaled } = await readImageFor(model.preparation, sample.file, rules);
        read.push({ sample, image, isKnown: known.has(content) });
        if (isUnscaled) nUnscaled++;
      } catch (error) {
        if (!isMateriomeError(error)) throw error;
        skipped.push({ file: sample.file, reason: error.message });
      }
    }
    if (read.length > 0) {
      const run = { threads: session.threads, signal: session.signal };
      const found = await model.network.predict(
        read.map(({ image }) => image),
        run,
      );
      const scores =
        model.domain === undefined
          ? undefined
          : model.domain.scores(
              await model.network.features(
                read.map(({ image }) => image),
                run,
              ),
            );
      for (const [i, { sample, isKnown }] of read.entries()) {
        const score = scores?.[i];
        const isInside = score !== undefined && score <= 1;
        if (score !== undefined && !isInside) nOutside++;
        rows.push({
          sample,
          isKnown,
          probabilities: found.kind === "classification" ? rowOf(found.probabilities, i) : [],
          values: {
            ...(found.kind === "classification"
              ? classRow(found, i)
              : valueRow(
                  found,
                  i,
                  model.targets.map(({ name }) => name),
                )),
            ...(score === undefined ? {} : { in_domain: isInside ? "yes" : "no", domain_score: score }),
            ...(isScored ? { learned_from: isKnown ? "yes" : "no" } : {}),
          },
        });
        if (found.kind === "regression") level = found.level;
      }
    }
    session.onProgress({ stage: "predict", done: Math.min(samples.length, from + AT_ONCE), total: samples.length });
  }
  const of = (isKnown: boolean): Scored | undefined => {
    const asked = rows.filter((row) => row.isKnown === isKnown);
    return isScored && asked.length > 0 ? scoresOf(model, asked, level) : undefined;
  };
  const [unseen, seen] = [of(false), of(true)];
  const nKnown = rows.filter(({ isKnown }) => isKnown).length;
  const columns = Object.keys(rows[0]?.values ?? {});
  if (options.out !== undefined) {
    const lines = rows.map(({ sample, values }) => [sample.file, ...columns.map((name) => values[name] ?? "")]);
    await writeFileAtomic(
      options.out,
      `${[["file", ...columns], ...lines].map((line) => line.map(csvCell).join(",")).join("\n")}\n`,
    );
  }
  session.result({
    model: options.model,
    kind: model.kind,
    images: rows.map(({ sample, values }) => ({ file: sample.file, ...values })),
    ...(isScored ? { scores: unseen?.scores ?? null } : {}),
    ...(seen === undefined ? {} : { learnedFrom: { nImages: nKnown, scores: seen.scores } }),
    skipped,
    versions: versions(),
  });
  if (rows.length > 0) {
    const shown = rows.slice(0, options.out === undefined ? rows.length : SHOWN);
    const told = columns.filter((name) => !name.startsWith("probability "));
    session.output(
      textTable(
        ["image", ...told],
        shown.map(({ sample, values }) => [sample.file, ...told.map((name) => figures(values[name] ?? ""))]),
      ),
    );
    if (shown.length < rows.length) session.say(`${rows.length - shown.length} further images in ${options.out}`);
  }
  if (unseen !== undefined) session.output(`\n${unseen.text}`);
  if (seen !== undefined) {
    session.output(`\nimages that the model has learned from, or that chose its epoch:\n${seen.text}`);
    session.warn(
      `${nKnown} of ${counted(rows.length, "image")} are among those that the model has learned from, or that chose its epoch: their scores say nothing of new images, and are kept apart`,
    );
  }
  if (nUnscaled > 0) {
    session.warn(
      `of ${nUnscaled} of ${rows.length} images the pixel size is not known, that of the training images is ${model.preparation.pixelSizeUm} µm, and they are taken as if they had the same; give it with --pixel-size`,
    );
  }
  if (nOutside > 0) {
    session.warn(
      `${nOutside} of ${rows.length} images are unlike those that the model learned from (in_domain no): take what it says of them as a guess`,
    );
  }
  for (const { file, reason } of skipped)
    session.warn(`skipped: ${reason.includes(file) ? reason : `${file}: ${reason}`}`);
  if (rows.length === 0) setExitCode(EXIT.badInput);
  else if (skipped.length > 0) setExitCode(EXIT.someSkipped);
}

/** Images alone; or, to score them, a table or a folder as `images train` takes. */
async function samplesOf(
  names: readonly string[],
  values: readonly string[] | undefined,
  options: ImagesPredictOptions,
  session: Session,
): Promise<readonly ImageSample[]> {
  const [first] = names;
  if (options.score !== true) {
    if (options.target !== undefined)
      throw new UsageError("--target is what --score compares with; add it, or leave --target out");
    return (await expandImages(names, "micrographs")).map((file) => ({ file, values: [] }));
  }
  if (first === undefined || names.length > 1) {
    throw new UsageError("--score takes one table, or one folder with a sub-folder for each class");
  }
  const isFolder = (await stat(first).catch(() => undefined))?.isDirectory() === true;
  const { samples } = await readImageSamples(
    first,
    isFolder ? options : { ...options, target: options.target ?? values },
    session,
  );
  return samples;
}

function classRow(found: ImageClassPrediction, i: number): Record<string, number | string> {
  const { labels, probabilities, viewVariance } = found;
  const row = rowOf(probabilities, i);
  const best = row.indexOf(Math.max(...row));
  const doubt =
    viewVariance === undefined ? {} : { "view std": Math.sqrt(Math.max(0, rowOf(viewVariance, i)[best] ?? 0)) };
  return {
    prediction: labels[best] ?? "",
    probability: row[best] ?? Number.NaN,
    ...Object.fromEntries(labels.map((label, c) => [`probability ${label}`, row[c] ?? Number.NaN])),
    ...doubt,
  };
}

function valueRow(found: Prediction, i: number, names: readonly string[]): Record<string, number | string> {
  return Object.fromEntries(
    names.flatMap((name, c) => {
      const prefix = names.length > 1 ? `${name} ` : "";
      return (["mean", "lower", "upper", "std"] as const).flatMap((part) => {
        const matrix = found[part];
        return matrix === undefined
          ? []
          : [[`${prefix}${part === "mean" ? "prediction" : part}`, rowOf(matrix, i)[c] ?? Number.NaN]];
      });
    }),
  );
}

function rowOf(
  { columns, data }: { readonly columns: number; readonly data: Float64Array },
  i: number,
): readonly number[] {
  return [...data.subarray(i * columns, (i + 1) * columns)];
}

function csvCell(value: string | number): string {
  const text = String(value);
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

interface PredictedRow {
  readonly sample: ImageSample;
  /** Whether the model has learned from it. */
  readonly isKnown: boolean;
  readonly values: Record<string, number | string>;
  /** Of classes. */
  readonly probabilities: readonly number[];
}

interface Scored {
  readonly scores: object;
  readonly text: string;
}

function scoresOf(model: ImageModel, rows: readonly PredictedRow[], level: number | undefined): Scored {
  if (model.kind === "classes") {
    const { labels } = model.network;
    const codes = rows.map(({ sample: { file, label = "" } }) => {
      const code = labels.indexOf(label);
      if (code >= 0) return code;
      throw new DataError(`is of class "${label}", which the model does not know; it knows ${labels.join(", ")}`, {
        location: { file },
      });
    });
    const scores = classScoresOf(
      createMatrix(rows.length, labels.length, Float64Array.from(rows.flatMap(({ probabilities }) => probabilities))),
      codes,
      labels,
    );
    const { accuracy, accuracyCi, balancedAccuracy, logLoss } = scores;
    return {
      scores,
      text: `${percent(accuracy)} of ${rows.length} called right (${accuracyCi.map(percent).join(" … ")}), ${percent(balancedAccuracy)} in the mean over classes, log loss ${logLoss?.toFixed(3) ?? "∞"}`,
    };
  }
  const { targets } = model;
  const column = (part: string, c: number): number[] =>
    rows.map(({ values }) =>
      Number(values[`${targets.length > 1 ? `${targets[c]?.name} ` : ""}${part}`] ?? Number.NaN),
    );
  const scores = targets.flatMap((target, c) => {
    const matrix = (part: string): Matrix => createMatrix(rows.length, 1, Float64Array.from(column(part, c)));
    const prediction = {
      kind: "regression",
      mean: matrix("prediction"),
      std: matrix("std"),
      uncertainty: "total",
    } as const;
    const withEnds = { ...prediction, lower: matrix("lower"), upper: matrix("upper"), level };
    const hasEnds = !Number.isNaN(withEnds.lower.data[0] ?? Number.NaN);
    return (
      valueScoresOf(
        target,
        hasEnds ? withEnds : prediction,
        0,
        rows.map(({ sample }) => sample.values[c] ?? Number.NaN),
        [],
      ) ?? []
    );
  });
  return {
    scores,
    text: scores
      .map(
        ({ name, n, mae, rmse, r2, coverage }) =>
          `${name}: ${n} images, MAE ${mae.toPrecision(3)}, RMSE ${rmse.toPrecision(3)}, R² ${r2?.toFixed(3) ?? "–"}, ${percent(coverage)} in the interval`,
      )
      .join("\n"),
  };
}
