import { DomainError, type RunContext } from "@materiome/core";
import { NET_BACKENDS, type NetBackend } from "../engine.ts";
import { resolveTraining, type TrainingOptions, trainNetwork } from "../training/trainNetwork.ts";
import { checkFilters } from "../unet/unetSpec.ts";
import { checkSource, createUNetTask } from "../unet/unetTask.ts";
import { checkComponents, checkExamples, type FieldComponent, type FieldExample, labelsOf } from "./fieldExample.ts";
import { fieldSource, type MirrorSigns } from "./fieldSource.ts";
import { checkMapSize, type FieldSurrogate, fieldSurrogate, surrogateSpec } from "./fieldSurrogate.ts";
import { fieldMoments } from "./phaseMeans.ts";

export interface FieldSurrogateOptions extends TrainingOptions {
  /** Name and unit of each channel of the fields. */
  readonly components: readonly FieldComponent[];
  /** Filters of each level, from full resolution down; each level halves the resolution and doubles the reach. @defaultValue [16, 32, 64] */
  readonly filters?: readonly number[];
  /** Whether maps and fields repeat themselves in both directions: the network then sees across the borders. @defaultValue true */
  readonly isPeriodic?: boolean;
  /**
   * Signs that components take when map and field are mirrored, where the load stays the same or only changes its sign: the network then learns from
   * mirrored maps too. For the flux of a gradient along x: { x: [1, −1], y: [1, −1] }. @defaultValue none: maps are not mirrored
   */
  readonly mirrors?: MirrorSigns | undefined;
  /** Maps of a step. @defaultValue 8 */
  readonly batchSize?: number;
  /** @defaultValue "wasm" */
  readonly backend?: NetBackend;
}

/** Trains networks from phase maps to fields; immutable. */
export interface FieldSurrogateLearner {
  /**
   * Learns from maps with their fields, all of one size, and keeps the weights of the epoch of least error on the validation maps, which must be
   * others. Maps that repeat themselves are shifted around at random.
   *
   * The result depends on the maps, options and `run.random`, not on `run.threads` (each step is shared out in fixed parts).
   *
   * @throws ShapeError for maps of several sizes, smaller than what the network sees around a pixel, or no multiples of its coarsest pixel
   * @throws DataError without maps, for validation maps with a phase that no training map has, and for a component that never changes
   * @throws DivergenceError where the loss is no longer a number, with the step and the best weights
   */
  fit(train: readonly FieldExample[], validation: readonly FieldExample[], run: RunContext): Promise<FieldSurrogate>;
}

/**
 * A U-Net that learns what a solver does: from a phase map (two or more phases) to a field of flux, strain, stress or the like under one load case,
 * pixel by pixel. Convolutions of 3 × 3 pixels that see across the borders of a periodic map, rectified, without batch normalisation; trained by
 * AdamW on the squared error of components in units of their deviation.
 *
 * It tells fields of structures like those that it learned from, and nothing says when a map is none: other fractions, shapes, sizes of features in
 * pixels, or properties need training maps of their own. `score` says how much worse others are. The linear problems of
 * `@materiome/microstructure/fields` take 7 to 14 ms for a map of 64², a small network 10; a surrogate pays where the solver is slow (nonlinear, in space, of another program).
 *
 * @throws DomainError for options out of range
 * @see O. Ronneberger, P. Fischer, T. Brox, doi:10.1007/978-3-319-24574-4_28; I. Loshchilov, F. Hutter, arXiv:1711.05101
 * @example
 * const components = [{ name: "flux x", unit: "W/m²" }, { name: "flux y", unit: "W/m²" }];
 * const learner = createFieldSurrogate({ components, epochs: 40, mirrors: { x: [1, -1], y: [1, -1] } });
 * const surrogate = await learner.fit(trainingMaps, validationMaps, { random: createRandom(1), threads: 2 });
 * const flux = await surrogate.predict(phases);
 * const { surrogate: scores, phaseMeans } = await surrogate.score(testMaps);
 */
export function createFieldSurrogate(options: FieldSurrogateOptions): FieldSurrogateLearner {
  const who = "createFieldSurrogate";
  const { components, filters = [16, 32, 64], isPeriodic = true, mirrors, batchSize = 8, backend = "wasm" } = options;
  checkComponents(who, components);
  checkFilters(who, filters);
  resolveTraining(who, options);
  if (!(Number.isSafeInteger(batchSize) && batchSize >= 1)) {
    throw new DomainError(`${who}: batchSize must be a whole number of at least 1, got ${batchSize}`);
  }
  if (!NET_BACKENDS.includes(backend)) {
    throw new DomainError(`${who}: backend is "${String(backend)}", expected ${NET_BACKENDS.join(", ")}`);
  }
  for (const [axis, signs] of Object.entries(mirrors ?? {})) {
    if (signs.length === components.length && signs.every((sign: number) => Math.abs(sign) === 1)) continue;
    throw new DomainError(
      `${who}: mirrors.${axis} must be 1 or −1 for each of ${components.length} components, got [${signs.join(", ")}]`,
    );
  }
  return {
    async fit(train, validation, run) {
      const name = "field surrogate";
      checkExamples(`${name}: training`, train, components);
      checkExamples(`${name}: validation`, validation, components);
      const labels = labelsOf(train);
      const spec = surrogateSpec(labels.length, filters, components.length, isPeriodic);
      const { scale, phaseMeans } = fieldMoments(name, train, components, labels);
      const source = (which: string, examples: readonly FieldExample[], isVaried: boolean) =>
        fieldSource(`${name}: ${which}`, examples, components, labels, scale, batchSize, {
          isShifted: isVaried && isPeriodic,
          mirrors: isVaried ? mirrors : undefined,
          isShuffled: isVaried,
        });
      const sources = [source("training", train, true), source("validation", validation, false)] as const;
      for (const [i, { imageShape }] of sources.entries()) {
        checkMapSize(`${name}: ${i === 0 ? "training" : "validation"}`, spec, imageShape[1], imageShape[0]);
        checkSource(name, sources[i]!, filters, components.length); // i of the entries
      }
      const settings = {
        spec,
        backend,
        labelWeights: components.map(() => 1),
        diceWeight: 0,
        normalisation: { mean: labels.map(() => 0), deviation: labels.map(() => 1) },
      };
      const task = createUNetTask(name, settings, ...sources, run);
      const { parameters, bestEpoch, curve } = await trainNetwork(task, options, run);
      return fieldSurrogate({
        spec,
        components,
        phases: labels,
        scale,
        phaseMeans,
        parameters,
        bestEpoch,
        curve,
        backend,
      });
    },
  };
}
