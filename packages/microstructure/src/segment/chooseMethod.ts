import type { ImageCharacter } from "./measureCharacter.ts";

export type SegmentationMethod = "lines" | "colour" | "contrast" | "particles" | "pores" | "layers";

/** Way of finding the regions: a pipeline, "dark" or "bright" for lines of that polarity, "auto" to choose by the image. */
export type DigitizeMethod = SegmentationMethod | "dark" | "bright" | "auto";

export interface MethodChoice {
  readonly method: SegmentationMethod;
  /** In words, with the numbers it rests on. */
  readonly reason: string;
  /** Lead of the chosen method over the next, 0 … 1. */
  readonly confidence: number;
  readonly warnings: readonly string[];
}

/**
 * Chooses a pipeline by how the image looks. Each gets a score 0 … 1:
 * lines by the share of the boundaries that show a line (0.3 … 0.6); colour by the spread of a* and b* (3 … 8), halved where there are lines;
 * layers by the variance that row or column means explain (0.35 … 0.65); two phases by their separation (2.6 … 4) and by how few pixels lie
 * between them (14 … 6 %), as pores where the rarer one is below a quarter and darker than 0.4 of the other, else as particles;
 * contrast takes half of what the others leave.
 *
 * @returns undefined where nothing speaks for any method: a uniform image
 */
export function chooseMethod(seen: ImageCharacter): MethodChoice | undefined {
  const lines = ramp(seen.lineShare, 0.3, 0.6);
  const colour = ramp(seen.colourSpread, 3, 8) * (1 - 0.5 * lines);
  const banding = ramp(seen.profileShare, 0.35, 0.65);
  const layers = banding * (1 - lines);
  const twoPhases =
    ramp(seen.separation, 2.6, 4) * ramp(0.14 - seen.betweenShare, 0, 0.08) * (1 - lines) * (1 - banding);
  const isPores = seen.minorShare < 0.25 && seen.minorGrey < 0.4 * seen.majorGrey;
  const left = 1 - Math.max(lines, colour, layers, twoPhases);
  const contrast = 0.5 * left * ramp(seen.contrastToNoise, 0.3, 1.5);
  const scores: [SegmentationMethod, number][] = [
    ["lines", lines],
    ["colour", colour],
    ["layers", layers],
    [isPores ? "pores" : "particles", twoPhases],
    ["contrast", contrast],
  ];
  scores.sort(([, a], [, b]) => b - a);
  const [[method, best], [second, next]] = scores as [[SegmentationMethod, number], [SegmentationMethod, number]]; // five
  if (best < 0.05) return undefined;
  const confidence = best - next;
  const warnings =
    confidence < LEAST_CONFIDENCE
      ? [
          `method "${method}" was chosen with little confidence (${best.toFixed(2)} against ${next.toFixed(2)} for "${second}"); look at the overlay, and name the method if it is wrong`,
        ]
      : [];
  return { method, reason: REASONS[method](seen), confidence, warnings };
}

const LEAST_CONFIDENCE = 0.25;

const percent = (share: number): string => `${(100 * share).toFixed(0)} %`;

const REASONS: Readonly<Record<SegmentationMethod, (seen: ImageCharacter) => string>> = {
  lines: (seen) =>
    `boundaries are lines: ${percent(seen.lineShare)} of the boundary length shows one, ${seen.lineToNoise.toFixed(0)} times as strong as noise`,
  colour: (seen) =>
    `grains differ in colour (standard deviation of a* and b* ${seen.colourSpread.toFixed(1)}), and only ${percent(seen.lineShare)} of the boundaries show a line`,
  layers: (seen) =>
    `the image is banded: means of ${seen.bandDirection === "horizontal" ? "rows" : "columns"} explain ${percent(seen.profileShare)} of the variance of grey`,
  particles: (seen) =>
    `there are two phases (greys ${seen.minorGrey.toFixed(2)} and ${seen.majorGrey.toFixed(2)}, ${seen.separation.toFixed(1)} standard deviations apart, ${percent(seen.betweenShare)} of the pixels between), the rarer covers ${percent(seen.minorShare)}`,
  pores: (seen) =>
    `a dark phase (grey ${seen.minorGrey.toFixed(2)} in ${seen.majorGrey.toFixed(2)}) covers ${percent(seen.minorShare)} of the image`,
  contrast: (seen) =>
    `no lines (${percent(seen.lineShare)} of the boundaries), no colour, no bands and no two clear phases (${percent(seen.betweenShare)} of the pixels between them): regions are told apart by grey, whose spread is ${seen.contrastToNoise.toFixed(1)} times the noise`,
};

/** 0 up to `from`, 1 from `to` on, linear between. */
function ramp(value: number, from: number, to: number): number {
  return Math.min(1, Math.max(0, (value - from) / (to - from)));
}
