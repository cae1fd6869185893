import { DataError, DomainError, type LabelMap } from "@materiome/core";
import { regionTable } from "../regions/regionTable.ts";
import { type GrainArrangement, grainArrangement } from "./grainArrangement.ts";
import { grainSizeFromArea } from "./grainSizeNumber.ts";
import { resolvePixelSize } from "./resolvePixelSize.ts";

export interface DuplexGrainSizeOptions {
  /** Edge of a pixel, µm. @defaultValue that of the label map */
  readonly pixelSizeUm?: number | undefined;
}

export type DuplexKind = "isolatedCoarse" | "wideRange" | "bimodal" | "crossSection" | "banded" | "necklace";

export interface GrainClass {
  readonly nGrains: number;
  readonly areaFraction: number;
  /** From the mean area of its grains. */
  readonly G: number;
}

export interface DuplexGrainSize {
  /** Conditions found; empty for a uniform structure. */
  readonly kinds: readonly DuplexKind[];
  /** G from the mean area of all grains measured. */
  readonly G: number;
  /** Best division of the area into two classes by the size of the grains, and the G that divides them. */
  readonly coarse: GrainClass;
  readonly fine: GrainClass;
  readonly dividingG: number;
  /** G of the coarsest and finest grain, and at 1 % and 99 % of the area that is not isolated coarse grains. */
  readonly coarsestG: number;
  readonly finestG: number;
  readonly range98: readonly [number, number];
  /** Grains three and more numbers coarser than the rest. */
  readonly isolated: GrainClass | null;
  readonly arrangement: GrainArrangement;
  /** One line as the standard has it reported. */
  readonly text: string;
}

/**
 * Duplex grain sizes: which of the random and topological conditions of the standard a field shows, with area fraction and
 * G of the two sizes.
 *
 * Each grain off the border has G_i from its area; areas are its weight. The two classes are the division of G_i with the
 * largest between-class variance (Otsu). bimodal: their G four or more apart, each on more than 5 % of the area, 75 % of the area or more
 * within one number of one or the other; isolatedCoarse: grains three or more numbers coarser than the rest on at most 5 % of the area;
 * wideRange: 98 % of the area spread over five or more numbers, and not bimodal. crossSection, banded, necklace: see
 * `GrainArrangement`. A field of fewer than some 200 grains rarely shows a condition with certainty.
 *
 * @param labels - grains 1 … n, boundaries of zero thickness
 * @throws DomainError without calibration, or for labels that hold 0
 * @throws DataError for fewer than two grains that the border does not cut
 * @see ASTM E1181-02: definitions of the random and topological conditions, manner of reporting
 * @example
 * const { kinds, text } = duplexGrainSize(labels, { pixelSizeUm: 0.5 });
 */
export function duplexGrainSize(labels: LabelMap, options: DuplexGrainSizeOptions = {}): DuplexGrainSize {
  const pixelSizeUm = resolvePixelSize("duplexGrainSize", labels, options.pixelSizeUm);
  if (pixelSizeUm === undefined) {
    throw new DomainError("duplexGrainSize: needs a calibration; give pixelSizeUm");
  }
  if (labels.data.includes(0)) {
    throw new DomainError("duplexGrainSize: the label map holds 0 (boundary pixels); call absorbBoundaries first");
  }
  const all = regionTable(labels).map(({ label, areaPx, touchesEdge }) => {
    const areaUm2 = areaPx * pixelSizeUm * pixelSizeUm;
    return { label, areaUm2, touchesEdge, G: grainSizeFromArea(areaUm2) };
  });
  const grains = all.filter(({ touchesEdge }) => !touchesEdge).sort((a, b) => a.G - b.G);
  const [first] = grains;
  const last = grains.at(-1);
  if (first === undefined || last === undefined || grains.length < 2) {
    throw new DataError(`duplexGrainSize: needs two grains that the border does not cut, got ${grains.length}`);
  }
  const total = grains.reduce((sum, g) => sum + g.areaUm2, 0);
  const classOf = (list: readonly Grain[]): GrainClass => {
    const area = list.reduce((sum, g) => sum + g.areaUm2, 0);
    return { nGrains: list.length, areaFraction: area / total, G: grainSizeFromArea(area / list.length) };
  };
  const nCoarse = divide(grains);
  const coarse = classOf(grains.slice(0, nCoarse));
  const fine = classOf(grains.slice(nCoarse));
  const dividingG = (grains[nCoarse - 1]!.G + grains[nCoarse]!.G) / 2; // 0 < nCoarse < length
  const near = grains.filter(({ G }) => Math.abs(G - coarse.G) <= 1 || Math.abs(G - fine.G) <= 1);
  const nearShare = near.reduce((sum, g) => sum + g.areaUm2, 0) / total;
  const nIsolated = isolatedCoarse(grains, total);
  const others = grains.slice(nIsolated);
  const range98 = [areaQuantile(others, 0.01), areaQuantile(others, 0.99)] as const;
  const isMixed = Math.min(coarse.areaFraction, fine.areaFraction) > ISOLATED_SHARE;
  const isBimodal = isMixed && fine.G - coarse.G >= 4 && nearShare >= 0.75;
  const arrangement = grainArrangement(labels, new Map(all.map(({ label, G }) => [label, G])), dividingG);
  const kinds: DuplexKind[] = [];
  if (nIsolated > 0) kinds.push("isolatedCoarse");
  if (isBimodal) kinds.push("bimodal");
  else if (range98[1] - range98[0] >= 5) kinds.push("wideRange");
  if (arrangement.isCrossSection) kinds.push("crossSection");
  if (arrangement.isBanded) kinds.push("banded");
  if (arrangement.isNecklace && fine.G - coarse.G >= 3) kinds.push("necklace");
  const G = classOf(grains).G;
  const isolated = nIsolated > 0 ? classOf(grains.slice(0, nIsolated)) : null;
  return {
    kinds,
    G,
    coarse,
    fine,
    dividingG,
    coarsestG: first.G,
    finestG: last.G,
    range98,
    isolated,
    arrangement,
    text: report(kinds, G, coarse, fine, range98, first.G),
  };
}

/** Largest area fraction of isolated coarse grains; two sizes each have more. */
const ISOLATED_SHARE = 0.05;

interface Grain {
  readonly areaUm2: number;
  readonly G: number;
}

/** Number of grains, coarsest first, that divides the area with the largest between-class variance of G. */
function divide(grains: readonly Grain[]): number {
  const total = grains.reduce((sum, g) => sum + g.areaUm2, 0);
  const mean = grains.reduce((sum, g) => sum + g.areaUm2 * g.G, 0) / total;
  let [weight, moment, best, at] = [0, 0, -1, 1];
  for (const [i, { areaUm2, G }] of grains.slice(0, -1).entries()) {
    weight += areaUm2 / total;
    moment += (areaUm2 / total) * G;
    const between = (mean * weight - moment) ** 2 / (weight * (1 - weight));
    if (between > best) [best, at] = [between, i + 1];
  }
  return at;
}

/** Coarsest grains, on at most 5 % of the area, that are three numbers coarser than the mean of those left. */
function isolatedCoarse(grains: readonly Grain[], total: number): number {
  let [area, found] = [0, 0];
  for (const [i, grain] of grains.slice(0, -1).entries()) {
    area += grain.areaUm2;
    if (area > ISOLATED_SHARE * total) break;
    const rest = grainSizeFromArea((total - area) / (grains.length - i - 1));
    if (grain.G <= rest - 3) found = i + 1;
  }
  return found;
}

function areaQuantile(grains: readonly Grain[], p: number): number {
  const total = grains.reduce((sum, g) => sum + g.areaUm2, 0);
  let area = 0;
  for (const { areaUm2, G } of grains) {
    area += areaUm2;
    if (area >= p * total) return G;
  }
  return grains.at(-1)?.G ?? Number.NaN;
}

function report(
  kinds: readonly DuplexKind[],
  G: number,
  coarse: GrainClass,
  fine: GrainClass,
  range98: readonly [number, number],
  coarsestG: number,
): string {
  const no = (value: number): string => value.toFixed(1);
  const pct = (share: number): string => `${(100 * share).toFixed(0)} %`;
  if (kinds.length === 0) return `Grain size ASTM No. ${no(G)}`;
  const both = `${pct(coarse.areaFraction)} ASTM No. ${no(coarse.G)}, ${pct(fine.areaFraction)} ASTM No. ${no(fine.G)}`;
  const words: Readonly<Record<DuplexKind, string>> = {
    isolatedCoarse: `ASTM No. ${no(G)}, ALA ASTM No. ${no(coarsestG)}`,
    wideRange: `Duplex, wide range, ASTM No. ${no(range98[0])} to ${no(range98[1])}`,
    bimodal: `Duplex, bimodal, ${both}`,
    crossSection: `Duplex, cross-section, ${both}`,
    banded: `Duplex, banding, ${both}`,
    necklace: `Duplex, necklace, ${both}`,
  };
  return kinds.map((kind) => words[kind]).join("; ");
}
