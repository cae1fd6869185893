import { basename } from "node:path";
import type { Raster } from "@materiome/core";
import { createRaster } from "@materiome/core";
import { wilsonInterval } from "@materiome/core/numerics";
import { renderClassOverlayPng, thumbnailJpeg } from "@materiome/microstructure";
import type { FoldScore } from "../images/crossValidate.ts";
import type { ClassBaseline, ClassScores, ValueScores } from "../images/imageScores.ts";
import type { LearnedNet } from "../segment/trainedModel.ts";
import { percent } from "../terminal/figures.ts";
import { versions } from "../version.ts";
import { confusionTable } from "./confusionTable.ts";
import { escapeHtml } from "./escape.ts";
import { learningCurve } from "./learningCurve.ts";
import {
  embeddedJpeg,
  figure,
  type Html,
  html,
  keyFigures,
  page,
  paragraph,
  row,
  section,
  table,
  warning,
} from "./page.ts";
import { COLOURS } from "./plots/colours.ts";
import { plot } from "./plots/plot.ts";

/** What the network said of an image held out. */
export type ImageCall = { readonly file: string; readonly image: Raster<Float32Array> } & (
  | {
      readonly kind: "classes";
      readonly truth: string;
      readonly probabilities: readonly number[];
      readonly labels: readonly string[];
    }
  | {
      readonly kind: "values";
      readonly truth: readonly number[];
      readonly predicted: readonly number[];
      readonly lower?: readonly number[] | undefined;
      readonly upper?: readonly number[] | undefined;
      readonly targets: readonly { readonly name: string; readonly unit: string }[];
    }
);

/** What the page says of a training. */
export interface ImagesTraining extends LearnedNet {
  readonly kind: "classes" | "values";
  readonly targets: readonly { readonly name: string; readonly unit: string }[];
  readonly nImages: number;
  readonly nGroups: number;
  readonly split: { readonly train: number; readonly validation: number; readonly test: number };
  readonly preparation: {
    readonly widthPx: number;
    readonly heightPx: number;
    readonly channels: string;
    readonly fit: string;
  };
  readonly heldOut?: ClassScores;
  readonly baselines?: readonly ClassBaseline[];
  readonly heldOutValues?: readonly ValueScores[];
  /** Of a cross-validation. */
  readonly folds?: readonly FoldScore[];
  readonly calibration?: {
    readonly temperature: number;
    readonly logLossBefore: number;
    readonly logLossAfter: number;
  } | null;
  readonly warnings: readonly string[];
}

/** Pictures of more images would make the page too large to mail. */
const MOST_WRONG = 16;
const RIGHT_PER_CLASS = 2;
const BINS = 5;

/** The page that `images train --report` writes: scores beside guesses, what is taken for what, whether probabilities hold, pictures. */
export async function imagesReport(training: ImagesTraining, calls: readonly ImageCall[]): Promise<string> {
  const { nImages, nGroups, split, preparation, targets, heldOut, baselines = [], heldOutValues = [] } = training;
  const { widthPx, heightPx, channels } = preparation;
  const sections: Html[] = training.warnings.map(warning);
  if (heldOut !== undefined) sections.push(...classSections(heldOut, baselines, training, calls));
  if (heldOutValues.length > 0) sections.push(valueSection(heldOutValues), ...paritySections(calls));
  if (training.folds !== undefined) sections.push(foldSection(training.folds));
  if (training.learningCurve.length > 1) {
    sections.push(learningCurve(training, "images learned from"));
  }
  sections.push(...(heldOut === undefined ? await valuePictures(calls) : await classPictures(calls)));
  const { materiome, node } = versions();
  return page({
    title: `Images: ${targets.map(({ name }) => name).join(", ")}`,
    subtitle: `${nImages} images${nGroups < nImages ? ` in ${nGroups} groups` : ""}: ${split.train} learned from, ${split.validation} chose the epoch and calibrate, ${training.folds === undefined ? `${split.test} held out and scored` : `all scored in ${training.folds.length} folds`}; ${channels}, ${widthPx} × ${heightPx} px`,
    sections,
    footer: `materiome ${materiome}, Node ${node}. ${training.folds === undefined ? "The model that is kept has not learned from the images held out." : "Scores are those of networks each trained without a fold; the model that is kept has learned from all folds."}`,
  });
}

function foldSection(folds: readonly FoldScore[]): Html {
  const names = folds.find(({ values = [] }) => values.length > 0)?.values?.map(({ name }) => `MAE ${name}`);
  return section(
    "Folds",
    table(
      ["fold", "images", ...(names ?? ["accuracy", "balanced accuracy", "log loss"])],
      folds.map(({ fold, n, accuracy, balancedAccuracy, logLoss, values = [] }) => [
        String(fold),
        String(n),
        ...(accuracy === undefined
          ? values.map(({ mae }) => mae.toPrecision(3))
          : [percent(accuracy), percent(balancedAccuracy ?? null), logLoss?.toFixed(3) ?? "∞"]),
      ]),
    ),
  );
}

function classSections(
  scores: ClassScores,
  baselines: readonly ClassBaseline[],
  { calibration }: ImagesTraining,
  calls: readonly ImageCall[],
): Html[] {
  const guess = baselines.find(({ name }) => name.startsWith("shares"));
  const line = (name: string, one: ClassBaseline | ClassScores): string[] => [
    name,
    percent(one.accuracy),
    percent(one.balancedAccuracy),
    one.logLoss?.toFixed(3) ?? "∞",
  ];
  const total = scores.n;
  return [
    keyFigures([
      {
        value: percent(scores.accuracy),
        name: `of ${total} images held out called right (95 % interval ${scores.accuracyCi.map(percent).join(" … ")})`,
      },
      { value: percent(scores.balancedAccuracy), name: "right in the mean over classes" },
      ...(guess === undefined
        ? []
        : [{ value: percent(guess.accuracy), name: "right by always calling the most frequent class" }]),
    ]),
    section(
      "Beside simpler ways",
      table(
        ["", "accuracy", "balanced accuracy", "log loss"],
        [line("network", scores), ...baselines.map((one) => line(one.name, one))],
      ),
      paragraph(
        "The forest knows grey levels and how rough an image is, not what it shows: a network that is no better has learned no shapes.",
      ),
    ),
    section(
      "What is taken for what",
      row(
        figure(
          confusionTable(
            scores.classes.map(({ name }) => name),
            scores.confusion,
          ),
          "Images held out: true class down, called class across; the share of each row is shaded.",
        ),
        figure(
          table(
            ["class", "images", "found", "right when called"],
            scores.classes.map(({ name, n, recall, precision }) => [
              name,
              String(n),
              percent(recall),
              percent(precision),
            ]),
          ),
          "Class by class.",
        ),
      ),
    ),
    section(
      "Do the probabilities hold?",
      row(
        figure(html(reliability(calls)), "Above the line the network is surer than it says, below it claims too much."),
      ),
      paragraph(
        `Expected calibration error ${scores.ece.toFixed(3)}.${calibration ? ` Outputs are divided by ${calibration.temperature.toFixed(2)}, which took the log loss of the images that chose the epoch from ${calibration.logLossBefore.toFixed(3)} to ${calibration.logLossAfter.toFixed(3)}.` : ""}`,
      ),
    ),
  ];
}

interface Sure {
  readonly sure: number;
  readonly called: string;
  readonly isRight: boolean;
}

function sureOf(call: ImageCall): Sure | undefined {
  if (call.kind !== "classes") return undefined;
  const sure = Math.max(...call.probabilities);
  const called = call.labels[call.probabilities.indexOf(sure)] ?? "";
  return { sure, called, isRight: called === call.truth };
}

function reliability(calls: readonly ImageCall[]): string {
  const all = calls.flatMap((call) => sureOf(call) ?? []).sort((a, b) => a.sure - b.sure);
  const size = Math.max(1, Math.ceil(all.length / BINS));
  const bins = Array.from({ length: BINS }, (_, b) => all.slice(b * size, (b + 1) * size)).filter(
    ({ length }) => length > 0,
  );
  const share = (bin: readonly Sure[]): number => bin.filter(({ isRight }) => isRight).length / bin.length;
  const x = bins.map((bin) => (100 * bin.reduce((sum, { sure }) => sum + sure, 0)) / bin.length);
  const ends = bins.map((bin) => wilsonInterval(share(bin), bin.length, 0.95));
  return plot({
    description: "how sure calls were against how often they were right",
    x: { label: "probability of the class called (%)", domain: [0, 102] },
    y: { label: "called right (%)", domain: [0, 102] },
    layers: [
      { kind: "line", colour: COLOURS.grey, x: [0, 100], y: [0, 100], dashed: true },
      {
        kind: "points",
        colour: COLOURS.blue,
        name: "images held out, in fifths; 95 % interval",
        x,
        y: bins.map((bin) => 100 * share(bin)),
        lower: ends.map(([low]) => 100 * low),
        upper: ends.map(([, high]) => 100 * high),
        radius: 4,
      },
    ],
  });
}

function valueSection(scores: readonly ValueScores[]): Html {
  return section(
    "How good it is",
    table(
      ["", "images", "mean absolute error", "root mean square error", "R²", "in the interval"],
      scores.flatMap(({ name, unit, n, mae, rmse, r2, coverage, level, baselines }) => [
        [
          `${name}${unit === "" ? "" : ` (${unit})`}`,
          ...[String(n), mae.toPrecision(3), rmse.toPrecision(3), r2?.toFixed(3) ?? "–"],
          coverage === null ? "–" : `${percent(coverage)}, meant ${percent(level)}`,
        ],
        ...baselines.map((one) => [`– ${one.name}`, "", one.mae.toPrecision(3), one.rmse.toPrecision(3), "", ""]),
      ]),
    ),
  );
}

function paritySections(calls: readonly ImageCall[]): Html[] {
  const values = calls.flatMap((call) => (call.kind === "values" ? [call] : []));
  const targets = values[0]?.targets ?? [];
  return targets.map(({ name, unit }, c) => {
    const known = values.filter(({ truth }) => !Number.isNaN(truth[c] ?? Number.NaN));
    const inUnit = unit === "" ? "" : ` (${unit})`;
    const ends = (part: "lower" | "upper"): number[] => known.map((call) => call[part]?.[c] ?? Number.NaN);
    const hasEnds = known.every(({ lower }) => lower !== undefined);
    const picture = plot({
      description: `measured against predicted ${name}`,
      identity: true,
      x: { label: `measured${inUnit}` },
      y: { label: `predicted while held out${inUnit}` },
      layers: [
        {
          kind: "points",
          colour: COLOURS.blue,
          x: known.map(({ truth }) => truth[c] ?? Number.NaN),
          y: known.map(({ predicted }) => predicted[c] ?? Number.NaN),
          ...(hasEnds ? { lower: ends("lower"), upper: ends("upper") } : {}),
        },
      ],
    });
    return section(name, figure(html(picture), "A point on the dashed line is a perfect prediction."));
  });
}

async function classPictures(calls: readonly ImageCall[]): Promise<Html[]> {
  const all = calls.flatMap((call) => {
    const sure = sureOf(call);
    return sure === undefined ? [] : [{ call, sure }];
  });
  const wrong = all.filter(({ sure }) => !sure.isRight).sort((a, b) => b.sure.sure - a.sure.sure);
  const right = all.filter(({ sure }) => sure.isRight).sort((a, b) => b.sure.sure - a.sure.sure);
  const classes = [...new Set(right.map(({ sure }) => sure.called))].sort();
  const shown = classes.flatMap((name) => right.filter(({ sure }) => sure.called === name).slice(0, RIGHT_PER_CLASS));
  const caption = ({ call, sure }: (typeof all)[number]): string =>
    call.kind === "classes" && !sure.isRight
      ? `${basename(call.file)}: ${call.truth}, called ${sure.called} (${percent(sure.sure)})`
      : `${basename(call.file)}: ${sure.called} (${percent(sure.sure)})`;
  const parts: Html[] = [];
  if (wrong.length > 0) {
    const few = wrong.slice(0, MOST_WRONG);
    parts.push(
      section(
        "Called wrong",
        paragraph(
          `${wrong.length} of ${all.length} images held out; the surest first.${few.length < wrong.length ? ` ${wrong.length - few.length} are not shown.` : ""}`,
        ),
        await pictures(few.map((one) => ({ image: one.call.image, caption: caption(one) }))),
      ),
    );
  }
  if (shown.length > 0)
    parts.push(
      section("Called right", await pictures(shown.map((one) => ({ image: one.call.image, caption: caption(one) })))),
    );
  return parts;
}

async function valuePictures(calls: readonly ImageCall[]): Promise<Html[]> {
  const all = calls.flatMap((call) => (call.kind === "values" && Number.isFinite(call.truth[0]) ? [call] : []));
  const error = ({ truth, predicted }: (typeof all)[number]): number => Math.abs((predicted[0] ?? 0) - (truth[0] ?? 0));
  const worst = [...all].sort((a, b) => error(b) - error(a)).slice(0, MOST_WRONG);
  if (worst.length === 0) return [];
  return [
    section(
      "Largest errors",
      await pictures(
        worst.map(({ file, image, truth, predicted }) => ({
          image,
          caption: `${basename(file)}: ${truth[0]?.toPrecision(3)}, predicted ${predicted[0]?.toPrecision(3)}`,
        })),
      ),
    ),
  ];
}

/** Small pictures in a grid, as the network is given them. */
async function pictures(
  entries: readonly { readonly image: Raster<Float32Array>; readonly caption: string }[],
): Promise<Html> {
  const cells: string[] = [];
  for (const { image, caption } of entries) {
    const grey = image.channels === 1 ? image : lumaOf(image);
    // Of classes the first stays grey.
    const png = await renderClassOverlayPng(
      grey,
      createRaster(new Uint32Array(grey.data.length).fill(1), grey.width, grey.height),
    );
    cells.push(
      `<figure>${embeddedJpeg(await thumbnailJpeg(png, 240), caption).html.replace("<img ", '<img style="object-fit:contain" ')}<figcaption>${escapeHtml(caption)}</figcaption></figure>`,
    );
  }
  return html(`<div class="gallery">${cells.join("\n")}</div>`);
}

function lumaOf({ data, width, height }: Raster<Float32Array>): Raster<Float32Array> {
  const grey = Float32Array.from(
    { length: width * height },
    (_, i) => 0.2126 * (data[3 * i] ?? 0) + 0.7152 * (data[3 * i + 1] ?? 0) + 0.0722 * (data[3 * i + 2] ?? 0),
  );
  return createRaster(grey, width, height);
}
