import type { MicrographSegmenter } from "./micrographSegmenter.ts";

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
 * phases: the first class is the matrix, the 8-connected regions of each further class are its bodies. A model that tells regions apart has
 * its own rule (`InstanceRule`).
 */
export function regionRule({ classes, instances }: Pick<MicrographSegmenter, "classes" | "instances">): RegionRule {
  if (instances !== undefined) {
    const { kind } = instances;
    const reason = `trained model that tells regions apart, with the classes ${classes.join(", ")}`;
    return { kind, boundaryClass: kind === "grains" ? 1 : -1, reason };
  }
  const boundaryClass = classes.findIndex((name) => /boundar/i.test(name));
  return {
    kind: boundaryClass >= 0 ? "grains" : "particles",
    boundaryClass,
    reason: `trained model with the classes ${classes.join(", ")}`,
  };
}
