import { createMatrix, createRandom, type Matrix, type Prediction } from "@materiome/core";
import type { ImageCall } from "../report/imagesReport.ts";
import { percent } from "../terminal/figures.ts";
import type { Session } from "../terminal/session.ts";
import { textTable } from "../terminal/textTable.ts";
import { forestProbabilities, forestValues, GREY_FOREST, greyFeatures } from "./greyForest.ts";
import type { ImageSamples } from "./imageSamples.ts";
import {
  type ClassBaseline,
  type ClassScores,
  classBaseline,
  classScoresOf,
  shareProbabilities,
  type ValueScores,
  valueScoresOf,
} from "./imageScores.ts";
import type { PreparedImages } from "./prepareImages.ts";
import type { ImageRole } from "./splitSamples.ts";
import type { TrainedImageNet } from "./trainImageNet.ts";

/** What was said of images that were held out, by the network and by simpler ways; all in the order of `asked`. */
export type HeldOutPart = { readonly asked: readonly number[] } & (
  | { readonly kind: "classes"; readonly probabilities: Matrix; readonly forest: Matrix; readonly shares: Matrix }
  | {
      readonly kind: "values";
      readonly prediction: Prediction;
      /** One list a target. */
      readonly forest: readonly Float64Array[];
      readonly means: readonly number[];
    }
);

/** What the page and the result say of scores; one of the two. */
export interface ImageScores {
  readonly heldOut?: ClassScores;
  readonly baselines?: readonly ClassBaseline[];
  readonly heldOutValues?: readonly ValueScores[];
}

export interface ScoredImages {
  readonly document: ImageScores;
  readonly calls: readonly ImageCall[];
  readonly text: string;
  /** Targets that no image held out has. */
  readonly unknown: readonly string[];
}

/** Asks a network, a forest on brightness and contrast, and the mean or the shares for the images that it is scored on. */
export async function predictHeldOut(
  trained: TrainedImageNet,
  found: ImageSamples,
  prepared: PreparedImages,
  roles: readonly ImageRole[],
  session: Session,
  fold?: number,
): Promise<HeldOutPart> {
  const asked = [...roles.keys()].filter((i) => roles[i] === "test");
  const known = [...roles.keys()].filter((i) => roles[i] !== "test");
  const images = asked.map((i) => prepared.images[i]!); // one a sample, here and below
  const run = { threads: session.threads, signal: session.signal };
  const x = greyFeatures(prepared.images);
  const seeded = createRandom(session.seed).fork("forest");
  const random = fold === undefined ? seeded : seeded.fork(`fold ${fold}`);
  if (trained.kind === "classes") {
    const { labels } = trained.network;
    const all = found.samples.map(({ label }) => labels.indexOf(label ?? ""));
    const { probabilities } = await trained.network.predict(images, run);
    const forest = await forestProbabilities(x, all, labels, { known, asked }, random);
    const codes = known.map((i) => all[i]!);
    return {
      kind: "classes",
      asked,
      probabilities,
      forest,
      shares: shareProbabilities(codes, labels.length, asked.length),
    };
  }
  const prediction = await trained.network.predict(images, run);
  const forest: Float64Array[] = [];
  const means: number[] = [];
  for (const c of found.targets.keys()) {
    const all = found.samples.map(({ values }) => values[c] ?? Number.NaN);
    const with_ = known.filter((i) => !Number.isNaN(all[i]));
    means.push(with_.reduce((sum, i) => sum + all[i]!, 0) / with_.length);
    forest.push(await forestValues(x, all, { known: with_, asked }, random.fork(c)));
  }
  return { kind: "values", asked, prediction, forest, means };
}

/** Scores over all parts together. */
export function scoreParts(
  parts: readonly HeldOutPart[],
  labels: readonly string[],
  found: ImageSamples,
  prepared: PreparedImages,
): ScoredImages {
  const classes = parts.flatMap((part) => (part.kind === "classes" ? [part] : []));
  if (classes.length > 0) return scoreClasses(classes, labels, found, prepared);
  return scoreValues(
    parts.flatMap((part) => (part.kind === "values" ? [part] : [])),
    found,
    prepared,
  );
}

type Part<K extends HeldOutPart["kind"]> = Extract<HeldOutPart, { readonly kind: K }>;

function scoreClasses(
  parts: readonly Part<"classes">[],
  labels: readonly string[],
  found: ImageSamples,
  prepared: PreparedImages,
): ScoredImages {
  const asked = parts.flatMap((part) => part.asked);
  const codes = asked.map((i) => labels.indexOf(found.samples[i]?.label ?? ""));
  const probabilities = stack(parts.map((part) => part.probabilities));
  const heldOut = classScoresOf(probabilities, codes, labels);
  const baselines = [
    classBaseline(GREY_FOREST, stack(parts.map((part) => part.forest)), codes, labels),
    classBaseline("shares of the classes", stack(parts.map((part) => part.shares)), codes, labels),
  ];
  const calls = asked.map((at, i): ImageCall => {
    const row = [...probabilities.data.subarray(i * labels.length, (i + 1) * labels.length)];
    const { file, label = "" } = found.samples[at]!; // one a sample, and the image
    return { kind: "classes", file, image: prepared.images[at]!, truth: label, probabilities: row, labels };
  });
  const line = (name: string, one: ClassBaseline | ClassScores): string[] => [
    name,
    percent(one.accuracy),
    percent(one.balancedAccuracy),
    one.logLoss?.toFixed(3) ?? "∞",
  ];
  const text = [
    textTable(
      [`${heldOut.n} images held out`, "accuracy", "balanced", "log loss"],
      [line("network", heldOut), ...baselines.map((one) => line(one.name, one))],
    ),
    "",
    textTable(
      ["class", "images", "found", "right when called"],
      heldOut.classes.map(({ name, n, recall, precision }) => [name, String(n), percent(recall), percent(precision)]),
    ),
  ].join("\n");
  return { document: { heldOut, baselines }, calls, text, unknown: [] };
}

function scoreValues(parts: readonly Part<"values">[], found: ImageSamples, prepared: PreparedImages): ScoredImages {
  const { targets } = found;
  const asked = parts.flatMap((part) => part.asked);
  const prediction = stackPredictions(parts.map((part) => part.prediction));
  const heldOutValues: ValueScores[] = [];
  const unknown: string[] = [];
  for (const [c, target] of targets.entries()) {
    const scores = valueScoresOf(
      target,
      prediction,
      c,
      asked.map((i) => found.samples[i]?.values[c] ?? Number.NaN),
      [
        { name: GREY_FOREST, values: parts.flatMap((part) => [...(part.forest[c] ?? [])]) },
        {
          name: "mean of the images learned from",
          values: parts.flatMap((part) => part.asked.map(() => part.means[c] ?? Number.NaN)),
        },
      ],
    );
    if (scores === null) unknown.push(target.name);
    else heldOutValues.push(scores);
  }
  const at = (matrix: Matrix | undefined, i: number): number[] | undefined =>
    matrix && targets.map((_, c) => matrix.data[i * targets.length + c]!); // a column a target
  const calls = asked.map((sample, i): ImageCall => {
    const { file, values } = found.samples[sample]!; // one a sample, and the image
    return {
      ...{ kind: "values", file, image: prepared.images[sample]!, truth: values, targets },
      predicted: at(prediction.mean, i) ?? [],
      lower: at(prediction.lower, i),
      upper: at(prediction.upper, i),
    };
  });
  const text = textTable(
    ["images held out", "MAE", "RMSE", "R²", "in the interval"],
    heldOutValues.flatMap(({ name, unit, n, mae, rmse, r2, coverage, level, baselines }) => [
      [
        `${name}${unit === "" ? "" : ` (${unit})`}, ${n} images: network`,
        mae.toPrecision(3),
        rmse.toPrecision(3),
        r2?.toFixed(3) ?? "–",
        coverage === null ? "–" : `${percent(coverage)} of ${percent(level)}`,
      ],
      ...baselines.map((one) => [`  ${one.name}`, one.mae.toPrecision(3), one.rmse.toPrecision(3), "", ""]),
    ]),
  );
  return { document: { heldOutValues }, calls, text, unknown };
}

/** Rows of one below those of another. */
function stack(matrices: readonly Matrix[]): Matrix {
  const [first] = matrices;
  const rows = matrices.reduce((sum, matrix) => sum + matrix.rows, 0);
  return createMatrix(rows, first?.columns ?? 0, Float64Array.from(matrices.flatMap(({ data }) => [...data])));
}

/** Without an interval where one has none. */
function stackPredictions(predictions: readonly Prediction[]): Prediction {
  const [first] = predictions;
  if (first === undefined || predictions.length === 1) return first as Prediction; // at least one
  const of = (part: "mean" | "std" | "lower" | "upper"): Matrix | undefined => {
    const found = predictions.flatMap((prediction) => prediction[part] ?? []);
    return found.length === predictions.length ? stack(found) : undefined;
  };
  const [mean, std, lower, upper] = [of("mean"), of("std"), of("lower"), of("upper")];
  const prediction = { ...first, mean: mean as Matrix, std, lower: undefined, upper: undefined, level: undefined };
  if (lower === undefined || upper === undefined) return prediction as unknown as Prediction;
  return { ...prediction, lower, upper, level: first.level } as Prediction;
}
