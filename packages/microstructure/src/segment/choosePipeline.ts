import { DomainError } from "@materiome/core";
import { chooseMethod, type SegmentationMethod } from "./chooseMethod.ts";
import type { ImageCharacter } from "./measureCharacter.ts";
import type { ColourGrainSegmentation } from "./segmentColourGrains.ts";
import type { ContrastGrainSegmentation } from "./segmentContrastGrains.ts";
import type { GrainSegmentation } from "./segmentGrains.ts";
import type { LayerSegmentation } from "./segmentLayers.ts";
import type { MicrographSegmentation } from "./segmentMicrograph.ts";
import type { ParticleSegmentation } from "./segmentParticles.ts";
import type { PoreSegmentation } from "./segmentPores.ts";

/** The pipelines over an image, in memory or in bands: `L` is what holds the labels. */
export interface Pipelines<L> {
  readonly lines: () => { readonly labels: L } & Pick<GrainSegmentation, "nGrains" | "polarity" | "diagnostics">;
  readonly colour: () => { readonly labels: L } & Pick<ColourGrainSegmentation, "nGrains" | "diagnostics">;
  readonly contrast: () => { readonly labels: L } & Pick<ContrastGrainSegmentation, "nGrains" | "diagnostics">;
  readonly particles: () => { readonly labels: L } & Omit<ParticleSegmentation, "labels">;
  readonly pores: () => { readonly labels: L } & Omit<PoreSegmentation, "labels">;
  readonly layers: () => { readonly labels: L } & Pick<LayerSegmentation, "nLayers" | "direction" | "diagnostics">;
}

/** How to choose. */
export interface PipelineChoice {
  readonly asked: SegmentationMethod | "auto";
  /** The grey of every pixel of a uniform image; undefined for any other. */
  readonly onlyGrey: number | undefined;
  readonly look: () => ImageCharacter;
}

/** A segmentation whose labels are held by `L`. */
export type PipelineSegmentation<L> = Omit<MicrographSegmentation, "labels"> & { readonly labels: L };

/**
 * Runs the pipeline asked for, or the one that suits the image, and says what is to be said of its result: the rules that
 * `segmentMicrograph` and `segmentMicrographBands` share.
 *
 * @throws DomainError for a uniform image or one without structure; and what the pipeline throws
 */
export function choosePipeline<L>(pipelines: Pipelines<L>, choice: PipelineChoice): PipelineSegmentation<L> {
  const { asked, onlyGrey } = choice;
  if (onlyGrey !== undefined) {
    throw new DomainError(
      `segmentMicrograph: every pixel has the grey ${onlyGrey.toPrecision(3)}: the image is uniform or its boundaries are not visible; check focus, etching and that this is a micrograph`,
    );
  }
  if (asked !== "auto") {
    return { ...run(pipelines, asked), method: asked, reason: "chosen by the caller", confidence: 1 };
  }
  const character = choice.look();
  const chosen = chooseMethod(character);
  if (chosen === undefined) {
    throw new DomainError(
      `segmentMicrograph: the image shows no structure (spread of grey ${character.contrastToNoise.toFixed(2)} times the noise, no lines, no colour); check focus and etching, or name a method`,
    );
  }
  const done = run(pipelines, chosen.method);
  const { greyExplained } = done.measured;
  const isDoubtful = typeof greyExplained === "number" && greyExplained < LEAST_EXPLAINED;
  const confidence = isDoubtful ? 0 : chosen.confidence;
  return { ...done, ...chosen, confidence, character, warnings: [...chosen.warnings, ...done.warnings] };
}

/** @throws DomainError for a grey image */
export function requireColour<C>(colour: C | undefined): C {
  if (colour !== undefined) return colour;
  throw new DomainError('segmentMicrograph: method "colour" needs a colour image; this one is grey, use "contrast"');
}

/**
 * Share of the differences in grey that a mosaic of grains explains at least. Rendered mosaics of grains without lines (16 … 40 px,
 * grey spread 0.06 … 0.12, low and high noise, shading 0 … 0.3) have 0.90 … 0.98; nine micrographs of γ′ precipitates 0.79 … 0.87.
 */
const LEAST_EXPLAINED = 0.88;

type Described<L> = Pick<PipelineSegmentation<L>, "labels" | "nRegions" | "kind" | "measured" | "warnings">;

function run<L>(pipelines: Pipelines<L>, method: SegmentationMethod): Described<L> {
  switch (method) {
    case "lines": {
      const { labels, nGrains, polarity, diagnostics } = pipelines.lines();
      const warnings =
        diagnostics.lineShare < 0.5
          ? [
              `only ${(100 * diagnostics.lineShare).toFixed(0)} % of the boundary length shows a line; grains may be told apart by something else (methods "contrast", "colour")`,
            ]
          : [];
      return { labels, nRegions: nGrains, kind: "grains", measured: { polarity, ...diagnostics }, warnings };
    }
    case "colour": {
      const { labels, nGrains, diagnostics } = pipelines.colour();
      const warnings =
        diagnostics.colourSpread < 5 ? ["colours hardly differ; boundaries found may be shading or texture"] : [];
      return { labels, nRegions: nGrains, kind: "grains", measured: { ...diagnostics }, warnings };
    }
    case "contrast": {
      const { labels, nGrains, diagnostics } = pipelines.contrast();
      const warnings =
        diagnostics.contrastToNoise < 1.5
          ? ["grains hardly stand above the noise; neighbours of similar grey are joined and sizes come out too large"]
          : [];
      if (nGrains > 1 && diagnostics.greyExplained < LEAST_EXPLAINED) {
        warnings.push(
          `do not use this grain size without looking at the overlay: regions of even grey explain only ${(100 * diagnostics.greyExplained).toFixed(0)} % of the differences in grey (in a mosaic of grains ${100 * LEAST_EXPLAINED} % or more), so the image may show precipitates, texture or defects; name another method ("particles", "pores"), or train a pixel classifier`,
        );
      }
      return { labels, nRegions: nGrains, kind: "grains", measured: { ...diagnostics }, warnings };
    }
    case "particles": {
      const { labels, nParticles, polarity, areaFraction, diagnostics } = pipelines.particles();
      const warnings =
        diagnostics.separation < 2.6
          ? [
              `the two phases overlap in grey (${diagnostics.separation.toFixed(1)} standard deviations apart); a trained pixel classifier separates them better`,
            ]
          : [];
      const measured = { polarity, areaFraction, ...diagnostics };
      return { labels, nRegions: nParticles, kind: "particles", measured, warnings };
    }
    case "pores": {
      const { labels, nPores, areaFraction, diagnostics } = pipelines.pores();
      return { labels, nRegions: nPores, kind: "pores", measured: { areaFraction, ...diagnostics }, warnings: [] };
    }
    case "layers": {
      const { labels, nLayers, direction, diagnostics } = pipelines.layers();
      const weak = diagnostics.steps.findIndex((step) => step < 1);
      const warnings =
        weak >= 0
          ? [
              `layers ${weak + 1} and ${weak + 2} differ less in grey than each does inside; their interface is uncertain`,
            ]
          : [];
      const measured = { direction, profileShare: diagnostics.profileShare, noise: diagnostics.noise };
      return { labels, nRegions: nLayers, kind: "layers", measured, warnings };
    }
  }
}
