import type { Alloy } from "./alloy.ts";
import { meanOf, valuesOf } from "./alloy.ts";
import type { ElementTable } from "./elementTable.ts";

/** Ratio R* of the radius of the solute to that of its neighbours at which 3, 4, … 24 neighbours fill its shell. */
const IDEAL_RATIOS = [
  0.154701, 0.224745, 0.361654, 0.414214, 0.518145, 0.616517, 0.709914, 0.798907, 0.884003, 0.902113, 0.976006, 1.04733,
  1.11632, 1.18318, 1.2481, 1.31123, 1.37271, 1.43267, 1.49119, 1.5484, 1.60436, 1.65915,
] as const;
const FEWEST = 3;

/**
 * Packing of one solute-centred cluster: the coordination number whose ideal radius ratio R* lies nearest to the given
 * ratio R of solute to mean neighbour, in the sense of the least |1 − R*⁄R|, and that misfit 1 − R*⁄R (0 = efficient;
 * above 0 the neighbours leave gaps, below 0 they do not fit in).
 *
 * @see Miracle, Sanders, Senkov, Philos. Mag. 83, 2409 (2003), doi:10.1080/1478643031000098828; Laws, Miracle, Ferry,
 * Nat. Commun. 6, 8123 (2015), doi:10.1038/ncomms9123
 */
export function clusterPacking(radiusRatio: number): { readonly coordination: number; readonly misfit: number } {
  let coordination = FEWEST;
  let misfit = Number.NaN;
  for (const [i, ideal] of IDEAL_RATIOS.entries()) {
    const here = 1 - ideal / radiusRatio;
    if (!(Math.abs(here) >= Math.abs(misfit))) {
      misfit = here;
      coordination = FEWEST + i;
    }
  }
  return { coordination, misfit };
}

/** Packing misfit of the cluster around each element in a shell of the alloy's mean radius. */
export function packingMisfits(alloy: Alloy, radius: ElementTable): number[] {
  const shell = meanOf(alloy, radius);
  return valuesOf(alloy, radius).map((own) => clusterPacking(own / shell).misfit);
}
