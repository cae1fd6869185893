import type { FeatureWindow } from "./featureWindow.ts";

/** Some feature planes that are computed together. */
export interface FeatureGroup {
  /** Pixels round a pixel on which its features depend. */
  readonly haloPx: number;
  /** In the order in which `compute` gives the planes. */
  readonly names: readonly string[];
  /** `window.halo` is `haloPx`; `emit` gets planes as large as the window and copies what it keeps. */
  compute(window: FeatureWindow, emit: (plane: Float32Array) => void): void;
}
