export interface PointsLayer {
  readonly kind: "points";
  readonly name?: string;
  readonly colour: string;
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
  /** Ends of vertical bars. */
  readonly lower?: ArrayLike<number> | undefined;
  readonly upper?: ArrayLike<number> | undefined;
  /** Text shown when the pointer rests on a point. */
  readonly titles?: readonly string[];
  /** @defaultValue "circle" */
  readonly shape?: "circle" | "cross" | "star";
  /** @defaultValue 3 */
  readonly radius?: number;
}

export interface LineLayer {
  readonly kind: "line";
  readonly name?: string;
  readonly colour: string;
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
  readonly dashed?: boolean;
}

export interface BarsLayer {
  readonly kind: "bars";
  readonly name?: string;
  readonly colour: string;
  /** n + 1 edges of n bars. */
  readonly edges: ArrayLike<number>;
  readonly heights: ArrayLike<number>;
}

/** The region between two curves. */
export interface BandLayer {
  readonly kind: "band";
  readonly name?: string;
  readonly colour: string;
  readonly x: ArrayLike<number>;
  readonly low: ArrayLike<number>;
  readonly high: ArrayLike<number>;
}

/** Short ticks on the horizontal axis, one for each value: where there are data. */
export interface RugLayer {
  readonly kind: "rug";
  readonly name?: string;
  readonly colour: string;
  readonly x: ArrayLike<number>;
}

/** Rectangular cells of a map, row-major from the lowest y; values are drawn between two colours. */
export interface CellsLayer {
  readonly kind: "cells";
  readonly name?: string;
  readonly xEdges: ArrayLike<number>;
  readonly yEdges: ArrayLike<number>;
  readonly values: ArrayLike<number>;
  readonly range: readonly [number, number];
  /** Text beside the colour bar. */
  readonly unit: string;
}

export type PlotLayer = PointsLayer | LineLayer | BandLayer | BarsLayer | RugLayer | CellsLayer;
