import { IncompatibleError, type Segmenter } from "@materiome/core";
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

/**
 * The image that a classifier takes: the grey, or the colours.
 *
 * @throws IncompatibleError for a model of coloured images and a grey one
 */
export function imageForClassifier<G, C>(
  { channels }: Pick<MicrographSegmenter, "channels">,
  image: { readonly grey: G; readonly colour?: C | undefined },
): G | C {
  const chosen = channels === "colour" ? image.colour : image.grey;
  if (chosen !== undefined) return chosen;
  throw new IncompatibleError(
    "digitizeByModel: the model was trained on coloured images, this one is grey; train a model on grey images",
  );
}
