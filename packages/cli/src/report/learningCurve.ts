import { keptEpoch } from "../nets/keptEpoch.ts";
import type { LearnedNet } from "../segment/trainedModel.ts";
import { figure, type Html, html, section } from "./page.ts";
import { COLOURS } from "./plots/colours.ts";
import { plot } from "./plots/plot.ts";

/**
 * Losses by epoch, with the epoch that was kept.
 *
 * @param learnedFrom - what the training loss is of, such as "images learned from"
 */
export function learningCurve(
  { learningCurve: curve, bestEpoch, learningRate }: LearnedNet,
  learnedFrom: string,
): Html {
  const x = curve.map(({ epoch }) => epoch);
  const best = curve.filter(({ epoch }) => epoch === bestEpoch);
  const picture = plot({
    description: "loss of training and validation against the epoch",
    x: { label: "epoch", isCount: true },
    y: { label: "loss" },
    layers: [
      { kind: "line", colour: COLOURS.grey, name: learnedFrom, x, y: curve.map((e) => e.trainingLoss) },
      { kind: "line", colour: COLOURS.blue, name: "validation", x, y: curve.map((e) => e.validationLoss) },
      {
        kind: "points",
        colour: COLOURS.red,
        name: `kept: epoch ${bestEpoch}`,
        x: best.map(({ epoch }) => epoch),
        y: best.map(({ validationLoss }) => validationLoss),
        radius: 5,
      },
    ],
  });
  return section(
    "Learning curve",
    figure(html(picture), `${keptEpoch(curve, bestEpoch)} Learning rate: at most ${learningRate}.`),
  );
}
