import type { Augmentation } from "@materiome/microstructure/patches";

const DEFAULT: Augmentation = {
  flip: {},
  turn: {},
  rotate: { probability: 0.5 },
  scale: { probability: 0.5 },
  elastic: { probability: 0.3 },
};
const OF_GREY: Augmentation = {
  contrast: { probability: 0.5, factor: [0.85, 1.2] },
  brightness: { probability: 0.5, shift: [-0.05, 0.05] },
  gamma: { probability: 0.3, exponent: [0.85, 1.2] },
  gaussianNoise: { probability: 0.3 },
  blur: { probability: 0.2 },
};
/** On Super4, whose test images are from other microscopes, it takes a net from 0.721 to 0.812 (benchmarks/README.md). */
const VARIED: Augmentation = {
  scale: { probability: 0.7, factor: [0.6, 1.6] },
  illumination: { probability: 0.7, amplitude: [0, 0.5] },
};
const VARIED_GREY: Augmentation = {
  contrast: { probability: 0.7 },
  brightness: { probability: 0.7 },
  gamma: { probability: 0.5, exponent: [0.6, 1.6] },
  gaussianNoise: { probability: 0.5, std: [0, 0.06] },
  blur: { probability: 0.3 },
};
const SETS: ReadonlySet<string> = new Set(["none", "default", "varied"]);

/**
 * The steps named, with their own ranges; those of `default` with the ranges of the benchmark, those of `varied` with far wider ones, and shaded unevenly, for
 * images that come from other microscopes than those learned from. Colours are left as they are, as they tell phases apart.
 */
export function augmentationOf(names: readonly string[], isGrey: boolean): Augmentation {
  const named = names.filter((name) => !SETS.has(name)).map((name) => [name, {}]);
  const isVaried = names.includes("varied");
  return {
    ...(Object.fromEntries(named) as Augmentation),
    ...(isVaried || names.includes("default") ? { ...DEFAULT, ...(isGrey ? OF_GREY : {}) } : {}),
    ...(isVaried ? { ...VARIED, ...(isGrey ? VARIED_GREY : {}) } : {}),
  };
}
