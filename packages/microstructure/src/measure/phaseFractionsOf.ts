import { DataError, type LabelMap, ShapeError } from "@materiome/core";
import type { PhaseFraction, PhaseMap } from "./measureField.ts";

/**
 * Share of the pixels of every phase.
 *
 * @throws ShapeError if the phase map is not of the size of the labels; DataError for a phase without a name
 */
export function phaseFractionsOf(phases: PhaseMap, labels: LabelMap): PhaseFraction[] {
  const { map, names } = phases;
  if (map.width !== labels.width || map.height !== labels.height || map.channels !== 1) {
    throw new ShapeError(
      `the phase map must be ${labels.width} × ${labels.height} with one channel like the labels, got ${map.width} × ${map.height} with ${map.channels}`,
    );
  }
  const counts = new Float64Array(names.length);
  for (const phase of map.data) {
    if (phase >= names.length) {
      throw new DataError(`the phase map holds ${phase}, but there are only ${names.length} phase names`);
    }
    counts[phase]! += 1; // below names.length
  }
  return names.map((phase, k) => areaFractionOf(phase, counts[k]! / map.data.length));
}

/** Fraction of a phase by the pixels of one field. */
export function areaFractionOf(phase: string, fraction: number): PhaseFraction {
  return { phase, fraction, ciLow: null, ciHigh: null, method: "area fraction of the pixels (ASTM E1245)" };
}
