import type { LabelMap } from "@materiome/core";

/** Share of 0 from which labels of grains that fill an image are in doubt. */
const MOST_ZEROS = 0.35;

/** What may be wrong with numbered regions: they may be a mask, or hold areas that nobody labelled. */
export function doubtRegions(
  { file, labels }: { readonly file: string; readonly labels: LabelMap },
  kind: "grains" | "particles",
): string[] {
  const numbers = new Set(labels.data);
  numbers.delete(0);
  const doubts: string[] = [];
  if (numbers.size === 1) {
    doubts.push(
      `${file}: all regions have the number ${[...numbers][0]}, as in a mask: those that touch count as one; give each region its own number`,
    );
  }
  const zeros = labels.data.reduce((n, label) => n + (label === 0 ? 1 : 0), 0) / labels.data.length;
  if (kind === "grains" && zeros > MOST_ZEROS) {
    doubts.push(
      `${file}: ${(100 * zeros).toFixed(0)} % of the pixels have the number 0, which is learned as boundary; number all grains, or train --target particles, whose 0 is a matrix`,
    );
  }
  return doubts;
}
