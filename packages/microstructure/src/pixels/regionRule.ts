import type { Segmenter } from "@materiome/core";

/** How regions follow from the classes of a trained model. */
export interface RegionRule {
  /** Grains closed along a class of boundaries, or bodies of phases in a matrix. */
  readonly kind: "grains" | "particles";
  /** Index of the class of the boundaries; −1 where there is none. */
  readonly boundaryClass: number;
  readonly reason: string;
}

/**
 * A classifier with a class whose name holds "boundar" finds grains: regions closed along that class. Any other finds
 * phases: the first class is the matrix, the 8-connected regions of each further class are its bodies.
 */
export function regionRule({ classes }: Pick<Segmenter, "classes">): RegionRule {
  const boundaryClass = classes.findIndex((name) => /boundar/i.test(name));
  return {
    kind: boundaryClass >= 0 ? "grains" : "particles",
    boundaryClass,
    reason: `trained model with the classes ${classes.join(", ")}`,
  };
}
