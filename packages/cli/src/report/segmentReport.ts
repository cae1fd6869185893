import { basename } from "node:path";
import type { LabelMap } from "@materiome/core";
import { classColour, renderClassOverlayPng, renderOverlayPng, thumbnailJpeg } from "@materiome/microstructure";
import { renderConfusionPng } from "@materiome/microstructure/compare";
import { type HeldOutImage, type HeldOutScore, onLabelled, type RegionSummary } from "../segment/heldOutScores.ts";
import type { RegionScore } from "../segment/regionScores.ts";
import type { LearnedNet } from "../segment/trainedModel.ts";
import { counted } from "../terminal/figures.ts";
import { versions } from "../version.ts";
import { escapeHtml } from "./escape.ts";
import { learningCurve as lossByEpoch } from "./learningCurve.ts";
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

/** Pictures of more images would make the page too large to mail. */
const MOST_PICTURES = 8;

/** What the page says of a training. */
export interface SegmentTraining extends Partial<LearnedNet> {
  readonly model: string;
  readonly learner: string;
  readonly nImages: number;
  /** Whether they were drawn. */
  readonly synthetic?: boolean;
  readonly classes: readonly {
    readonly name: string;
    readonly nLabelled: number;
    readonly nSampled: number;
    readonly heldOutIou: number | null;
    readonly validationIou?: number | null;
  }[];
  readonly heldOutMicroIou: number | null;
  readonly heldOut: readonly HeldOutScore[];
  /** Where labels are regions; null where none was held out. */
  readonly regions?: RegionSummary | null;
  readonly warnings: readonly string[];
}

const ROLES: Readonly<Record<HeldOutImage["role"], string>> = {
  fold: "predicted by a model trained without it",
  test: "not looked at before it was scored",
  validation: "chose the epoch: scores are a little too good",
};

/** The page that `segment train --report` writes: scores, learning curve, and pictures of what is right and wrong. */
export async function segmentReport(
  training: SegmentTraining,
  heldOut: readonly HeldOutImage[],
  classes: readonly string[],
): Promise<string> {
  const { learner, nImages, heldOutMicroIou, learningCurve, bestEpoch, learningRate, warnings } = training;
  const sections: Html[] = [...warnings.map(warning)];
  if (heldOutMicroIou !== null) {
    sections.push(keyFigures([{ value: heldOutMicroIou.toFixed(3), name: "micro IoU, images held out" }]));
  }
  sections.push(classSection(training), regionSection(training), imageSection(training.heldOut, classes));
  if (
    learningCurve !== undefined &&
    learningCurve.length > 1 &&
    bestEpoch !== undefined &&
    learningRate !== undefined
  ) {
    sections.push(lossByEpoch({ learningCurve, bestEpoch, learningRate }, "patches learned from"));
  }
  sections.push(await pictureSection(heldOut, classes));
  const { materiome, node } = versions();
  return page({
    title: "Trained segmentation",
    subtitle: `${learner}, ${training.synthetic ? counted(nImages, "drawn picture") : counted(nImages, "labelled image")}, ${classes.join(", ")}`,
    sections,
    footer: `materiome ${materiome}, Node ${node}. IoU: intersection over union of the labelled pixels; micro: of all classes together.`,
  });
}

const shown = (value: number | null | undefined): string => value?.toFixed(3) ?? "–";

function classSection({ classes }: SegmentTraining): Html {
  const hasValidation = classes.some(({ validationIou }) => validationIou !== undefined);
  return section(
    "Classes",
    table(
      [
        "class",
        "labelled pixels",
        "learned from",
        "IoU, image held out",
        ...(hasValidation ? ["IoU, chose the epoch"] : []),
      ],
      classes.map((c) => [
        c.name,
        String(c.nLabelled),
        String(c.nSampled),
        shown(c.heldOutIou),
        ...(hasValidation ? [shown(c.validationIou)] : []),
      ]),
    ),
  );
}

function regionSection({ regions }: SegmentTraining): Html {
  if (regions === undefined || regions === null) return html("");
  const { model, classical, classicalFailed, role, nImages } = regions;
  const line = (name: string, { nFound, nTrue, f1, quality, meanIou }: RegionScore): string[] => [
    name,
    String(nFound),
    String(nTrue),
    shown(f1),
    shown(quality),
    shown(meanIou),
  ];
  return section(
    "Regions",
    table(
      ["", "found", "true", "F1", "panoptic quality", "mean IoU of matched"],
      [
        line("model", model),
        ...(classical === null ? [] : [line(`without training: ${classical.methods.join(", ")}`, classical)]),
      ],
    ),
    paragraph(
      `${nImages} ${nImages === 1 ? "image" : "images"}, ${ROLES[role]}. A found and a true region match where their IoU is above ½, at most one with one. F1: twice the matches over regions found and true; panoptic quality: twice the sum of their IoU over the same (Kirillov et al. 2019).`,
    ),
    ...[...new Set(classicalFailed)].map((reason) =>
      warning(`without training nothing was found in an image: ${reason}`),
    ),
  );
}

function imageSection(scores: readonly HeldOutScore[], classes: readonly string[]): Html {
  if (scores.length === 0) return html("");
  const hasRegions = scores.some(({ regions }) => regions !== undefined);
  return section(
    "Images held out",
    table(
      ["image", "micro IoU", ...classes, ...(hasRegions ? ["F1 of regions", "panoptic quality"] : [])],
      scores.map(({ file, role, region, microIou, byClass, regions }) => [
        `${basename(file)}${region === undefined ? "" : `, ${region.width} × ${region.height} px at (${region.x}, ${region.y})`}; ${ROLES[role]}`,
        shown(microIou),
        ...byClass.map(({ iou }) => shown(iou)),
        ...(hasRegions ? [shown(regions?.f1), shown(regions?.quality)] : []),
      ]),
    ),
  );
}

async function pictureSection(heldOut: readonly HeldOutImage[], classes: readonly string[]): Promise<Html> {
  if (heldOut.length === 0) return html("");
  const swatches = classes
    .map((name, k) => {
      const box = `display:inline-block;width:14px;height:14px;vertical-align:-2px;background:rgb(${classColour(k).join(",")})`;
      return `<span style="${box}"></span> ${escapeHtml(name)}${k === 0 ? " (grey where it was found)" : ""}`;
    })
    .join(" &nbsp; ");
  const pictures: Html[] = [];
  // What chose the epoch comes last.
  const order = [...heldOut].sort((a, b) => Number(a.role === "validation") - Number(b.role === "validation"));
  for (const held of order.slice(0, MOST_PICTURES)) {
    const { grey, predicted, truth, file, role } = held;
    const found = await renderClassOverlayPng(grey, predicted, { share: 0.45 });
    const fromZero = (labels: Uint32Array): Uint32Array => labels.map((label) => (label === 0 ? 0 : label - 1));
    const seen = onLabelled(held);
    const wrong = await renderConfusionPng(
      grey,
      { ...predicted, data: fromZero(seen.data) },
      { ...truth, data: fromZero(truth.data) },
      { compare: "classes" },
    );
    const name = basename(file);
    if (held.regions !== undefined) {
      const { predicted: regions, truth: trueRegions } = held.regions;
      const zeros = regions.data.includes(0) ? "matrix" : "boundary";
      // A matrix is a region like others: else all of it would count as border.
      const withMatrix = (labels: LabelMap): LabelMap =>
        zeros === "matrix" ? { ...labels, data: labels.data.map((label) => label + 1) } : labels;
      const outlines = await renderOverlayPng(grey, regions, { zeros, tint: 0.25 });
      const differing = await renderConfusionPng(grey, withMatrix(regions), withMatrix(trueRegions), {
        tolerancePx: 2,
      });
      pictures.push(
        row(
          figure(
            embeddedJpeg(await thumbnailJpeg(outlines, 900), `regions of ${name}`),
            `${name}: regions found; ${ROLES[role]}`,
          ),
          figure(
            embeddedJpeg(await thumbnailJpeg(differing, 900), `borders of ${name}`),
            "borders of regions: green found, red false, blue missed (2 px)",
          ),
        ),
      );
    }
    pictures.push(
      row(
        figure(embeddedJpeg(await thumbnailJpeg(found, 900), `classes of ${name}`), `${name}: found; ${ROLES[role]}`),
        figure(
          embeddedJpeg(await thumbnailJpeg(wrong, 900), `errors of ${name}`),
          "wrong pixels in the colour of what was found in their place",
        ),
      ),
    );
  }
  const rest = order.length - MOST_PICTURES;
  return section(
    "Found, and wrong",
    paragraph(html(swatches)),
    ...pictures,
    ...(rest > 0 ? [paragraph(`${rest} further images are not shown.`)] : []),
  );
}
