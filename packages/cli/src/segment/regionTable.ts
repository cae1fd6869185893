import { textTable } from "../terminal/textTable.ts";
import type { RegionSummary } from "./heldOutScores.ts";
import type { RegionScore } from "./regionScores.ts";

const HEAD = ["regions, image held out", "found", "true", "F1 at IoU ½", "panoptic quality", "mean IoU of matched"];

/** Scores of regions of the model, and below those of what is found without training. */
export function regionTable({ model, classical }: RegionSummary): string {
  return textTable(HEAD, [
    row("model", model),
    ...(classical === null ? [] : [row(`without training (${classical.methods.join(", ")})`, classical)]),
  ]);
}

function row(name: string, { nFound, nTrue, f1, quality, meanIou }: RegionScore): string[] {
  return [name, String(nFound), String(nTrue), f1.toFixed(3), quality.toFixed(3), meanIou?.toFixed(3) ?? "–"];
}
