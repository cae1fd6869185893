import { DomainError, nearestNames } from "@materiome/core";
import type { Chance, Range, RangeRule } from "./range.ts";
import { resolveRange } from "./range.ts";

export interface RotateOptions extends Chance {
  /** Counter-clockwise, −180 … 180. @defaultValue [-180, 180] */
  readonly angleDeg?: Range | undefined;
}

export interface ScaleOptions extends Chance {
  /** Above 1 magnifies; even chances in the logarithm. @defaultValue [0.8, 1.25] */
  readonly factor?: Range | undefined;
  /** Ratio of the factor along x to that along y, before rotation. @defaultValue [1, 1] */
  readonly stretch?: Range | undefined;
}

export interface ElasticOptions extends Chance {
  /** Root mean square of the displacement along each axis, px. At most 0.4 of the smoothness, beyond which images fold. @defaultValue [0, 3] */
  readonly amplitudePx?: Range | undefined;
  /** Deviation of the Gaussian that smooths the random displacements, px. @defaultValue [8, 8] */
  readonly smoothnessPx?: Range | undefined;
}

export interface IlluminationOptions extends Chance {
  /** Largest relative change of grey. @defaultValue [0, 0.3] */
  readonly amplitude?: Range | undefined;
  /** Degree of the polynomial, rounded. @defaultValue [1, 2] */
  readonly degree?: Range | undefined;
}

export interface BlurOptions extends Chance {
  /** Deviation of the Gaussian, px. @defaultValue [0, 1.5] */
  readonly sigmaPx?: Range | undefined;
}

export interface AstigmatismOptions extends Chance {
  /** Deviation along the long axis of an elongated Gaussian, px. @defaultValue [1, 2.5] */
  readonly sigmaPx?: Range | undefined;
  /** Deviation across over that along. @defaultValue [0.1, 0.5] */
  readonly ratio?: Range | undefined;
  /** Direction of the long axis. @defaultValue [0, 180] */
  readonly angleDeg?: Range | undefined;
}

export interface MotionBlurOptions extends Chance {
  /** Path during exposure, px. @defaultValue [1, 7] */
  readonly lengthPx?: Range | undefined;
  /** Direction of the path. @defaultValue [0, 180] */
  readonly angleDeg?: Range | undefined;
}

export interface ChargingOptions extends Chance {
  /** Most grey added behind a bright pixel, of which each row gets a random share; below 0: dark tails. @defaultValue [0.05, 0.3] */
  readonly amplitude?: Range | undefined;
  /** Length over which a tail falls to 1/e, px. @defaultValue [5, 40] */
  readonly lengthPx?: Range | undefined;
  /** Share of pixels, the brightest, that charge. @defaultValue [0.01, 0.1] */
  readonly brightShare?: Range | undefined;
  /** Share of the scan lines that show it. @defaultValue [0.2, 0.8] */
  readonly rowShare?: Range | undefined;
}

export interface ShotNoiseOptions extends Chance {
  /** Electrons or photons counted at white (grey 1), even chances in the logarithm. @defaultValue [100, 3000] */
  readonly countsAtWhite?: Range | undefined;
}

export interface GaussianNoiseOptions extends Chance {
  /** Standard deviation, grey. @defaultValue [0, 0.03] */
  readonly std?: Range | undefined;
}

export interface ContrastOptions extends Chance {
  /** Factor on the difference from the mean grey, even chances in the logarithm. @defaultValue [0.7, 1.4] */
  readonly factor?: Range | undefined;
}

export interface BrightnessOptions extends Chance {
  /** Grey added. @defaultValue [-0.15, 0.15] */
  readonly shift?: Range | undefined;
}

export interface GammaOptions extends Chance {
  /** Exponent on grey, even chances in the logarithm. @defaultValue [0.7, 1.4] */
  readonly exponent?: Range | undefined;
}

export interface WhiteBalanceOptions extends Chance {
  /** Factor on each colour channel, even chances in the logarithm. @defaultValue [0.9, 1.1] */
  readonly gain?: Range | undefined;
}

export interface RectangleOptions extends Chance {
  /** Area of the rectangle over that of the patch. @defaultValue [0.05, 0.25] */
  readonly share?: Range | undefined;
}

export interface CompositeOptions extends Chance {
  /** How many regions of rarer classes, rounded; fewer where there is no room. @defaultValue [1, 3] */
  readonly count?: Range | undefined;
  /** Above 1 magnifies; even chances in the logarithm. @defaultValue [0.8, 1.25] */
  readonly scale?: Range | undefined;
  /** Counter-clockwise. @defaultValue [-180, 180] */
  readonly angleDeg?: Range | undefined;
}

/**
 * What may be done to training patches, as plain data (JSON). Absent: not done. `{}`: done with the default ranges. The order of work
 * is that of the fields here, whatever the order in the file. What is drawn for one step does not depend on the other steps.
 */
export interface Augmentation {
  /** Mirrors each axis with chance 1/2. */
  readonly flip?: Chance | undefined;
  /** 0, 1, 2 or 3 quarter turns. */
  readonly turn?: Chance | undefined;
  readonly rotate?: RotateOptions | undefined;
  readonly scale?: ScaleOptions | undefined;
  readonly elastic?: ElasticOptions | undefined;
  readonly cutMix?: RectangleOptions | undefined;
  /** Regions of rarer classes from any of the training images are put where the class that lay around them is seen: image and codes. */
  readonly composite?: CompositeOptions | undefined;
  readonly illumination?: IlluminationOptions | undefined;
  readonly blur?: BlurOptions | undefined;
  readonly astigmatism?: AstigmatismOptions | undefined;
  readonly motionBlur?: MotionBlurOptions | undefined;
  readonly charging?: ChargingOptions | undefined;
  readonly shotNoise?: ShotNoiseOptions | undefined;
  readonly gaussianNoise?: GaussianNoiseOptions | undefined;
  readonly contrast?: ContrastOptions | undefined;
  readonly brightness?: BrightnessOptions | undefined;
  readonly gamma?: GammaOptions | undefined;
  readonly whiteBalance?: WhiteBalanceOptions | undefined;
  readonly cutOut?: RectangleOptions | undefined;
}

export type AugmentationStep = keyof Augmentation;

const ANGLE: RangeRule = { default: [0, 180], least: -180, most: 180 };
const RECTANGLE: { readonly share: RangeRule } = { share: { default: [0.05, 0.25], least: 0, most: 1 } };

type RangeName<S extends AugmentationStep> = Exclude<keyof NonNullable<Augmentation[S]>, "probability">;

/** Ranges of each step. */
export const STEP_RULES: { readonly [S in AugmentationStep]: Readonly<Record<RangeName<S>, RangeRule>> } = {
  flip: {},
  turn: {},
  rotate: { angleDeg: { default: [-180, 180], least: -180, most: 180 } },
  scale: {
    factor: { default: [0.8, 1.25], least: 0.1, most: 10, isLogarithmic: true },
    stretch: { default: [1, 1], least: 0.2, most: 5, isLogarithmic: true },
  },
  elastic: {
    amplitudePx: { default: [0, 3], least: 0, most: 1000 },
    smoothnessPx: { default: [8, 8], least: 1, most: 1000 },
  },
  cutMix: RECTANGLE,
  composite: {
    count: { default: [1, 3], least: 0, most: 100 },
    scale: { default: [0.8, 1.25], least: 0.7, most: 1.5, isLogarithmic: true },
    angleDeg: { default: [-180, 180], least: -180, most: 180 },
  },
  illumination: {
    amplitude: { default: [0, 0.3], least: 0, most: 1 },
    degree: { default: [1, 2], least: 1, most: 4 },
  },
  blur: { sigmaPx: { default: [0, 1.5], least: 0, most: 50 } },
  astigmatism: {
    sigmaPx: { default: [1, 2.5], least: 0, most: 10 },
    ratio: { default: [0.1, 0.5], least: 0, most: 1 },
    angleDeg: ANGLE,
  },
  motionBlur: { lengthPx: { default: [1, 7], least: 0, most: 50 }, angleDeg: ANGLE },
  charging: {
    amplitude: { default: [0.05, 0.3], least: -1, most: 1 },
    lengthPx: { default: [5, 40], least: 0.1, most: 10000 },
    brightShare: { default: [0.01, 0.1], least: 0, most: 1 },
    rowShare: { default: [0.2, 0.8], least: 0, most: 1 },
  },
  shotNoise: { countsAtWhite: { default: [100, 3000], least: 1, most: 1e9, isLogarithmic: true } },
  gaussianNoise: { std: { default: [0, 0.03], least: 0, most: 1 } },
  contrast: { factor: { default: [0.7, 1.4], least: 0.01, most: 100, isLogarithmic: true } },
  brightness: { shift: { default: [-0.15, 0.15], least: -1, most: 1 } },
  gamma: { exponent: { default: [0.7, 1.4], least: 0.1, most: 10, isLogarithmic: true } },
  whiteBalance: { gain: { default: [0.9, 1.1], least: 0.1, most: 10, isLogarithmic: true } },
  cutOut: RECTANGLE,
};

/** The plan without gaps: of every step that it names, all ranges and the probability. */
export type ResolvedAugmentation = {
  readonly [S in AugmentationStep]?: ResolvedStep<S>;
};

export type ResolvedStep<S extends AugmentationStep> = {
  readonly [K in RangeName<S>]: Range;
} & { readonly probability: number };

/**
 * Checks a plan, such as one from a JSON file, and fills in the defaults. The result is itself a plan, and plain data.
 *
 * @throws DomainError naming the step and field that is unknown or out of range
 * @example
 * const plan = resolveAugmentation({ flip: {}, turn: {}, rotate: { angleDeg: [-10, 10], probability: 0.5 } });
 */
export function resolveAugmentation(plan: Augmentation): ResolvedAugmentation {
  const who = "resolveAugmentation";
  if (typeof plan !== "object" || plan === null || Array.isArray(plan)) {
    throw new DomainError(`${who}: the plan is ${JSON.stringify(plan)}, expected an object such as { "flip": {} }`);
  }
  for (const step of Object.keys(plan)) requireKnown(`${who}: step`, step, Object.keys(STEP_RULES));
  // In the order of the rules, so that equal plans are equal data.
  const steps = (Object.keys(STEP_RULES) as AugmentationStep[]).flatMap((step) => {
    const options = plan[step];
    return options === undefined ? [] : [[step, resolveStep(who, step, options)] as const];
  });
  return Object.fromEntries(steps) as ResolvedAugmentation;
}

/** @throws DomainError naming the field */
export function resolveStep<S extends AugmentationStep>(
  who: string,
  step: S,
  options: NonNullable<Augmentation[S]>,
): ResolvedStep<S> {
  const rules: Readonly<Record<string, RangeRule>> = STEP_RULES[step];
  const given = options as Readonly<Record<string, unknown>>;
  if (typeof given !== "object" || given === null || Array.isArray(given)) {
    throw new DomainError(`${who}: ${step} is ${JSON.stringify(given)}, expected an object of ranges, or {}`);
  }
  for (const name of Object.keys(given))
    requireKnown(`${who}: ${step} has the field`, name, ["probability", ...Object.keys(rules)]);
  const probability = given["probability"] ?? 1;
  if (!(typeof probability === "number" && probability >= 0 && probability <= 1)) {
    throw new DomainError(`${who}: ${step}.probability is ${JSON.stringify(probability)}, expected 0 … 1`);
  }
  const ranges = Object.entries(rules).map(([name, rule]) => [
    name,
    resolveRange(who, `${step}.${name}`, given[name], rule),
  ]);
  const resolved = { ...Object.fromEntries(ranges), probability } as ResolvedStep<S>;
  if (step === "elastic") requireNoFolds(who, resolved as ResolvedStep<"elastic">);
  return resolved;
}

/**
 * Noise smoothed by a Gaussian of σ to deviation A has slopes of deviation A / (√2 σ): at A = 0.4 σ, one in 5000 is below −1, which folds
 * the image.
 */
function requireNoFolds(who: string, { amplitudePx, smoothnessPx }: ResolvedStep<"elastic">): void {
  if (amplitudePx[1] <= 0.4 * smoothnessPx[0]) return;
  throw new DomainError(
    `${who}: elastic.amplitudePx goes to ${amplitudePx[1]} with a smoothnessPx of ${smoothnessPx[0]}, more than 0.4 of it, so that the image would fold over itself; lower the one or raise the other`,
  );
}

function requireKnown(what: string, name: string, known: readonly string[]): void {
  if (known.includes(name)) return;
  const near = nearestNames(name, known);
  const hint = near.length > 0 ? `did you mean ${near.join(" or ")}?` : `known are ${known.join(", ")}`;
  throw new DomainError(`${what} "${name}", which is unknown; ${hint}`);
}
