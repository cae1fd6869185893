/**
 * A polygon with holes: x and y in turn per ring, first the outer ring, then holes; rings are closed without repeating their
 * first point. Inside is what a ray crosses an odd number of edges from (even–odd rule over all rings together).
 */
export interface AnnotationPolygon {
  readonly rings: readonly Float64Array[];
}

/** A line drawn with a pen of some width. */
export interface AnnotationLine {
  readonly points: Float64Array;
  readonly widthPx: number;
}

/**
 * One thing marked in an image. Coordinates are in pixels, x to the right, y down; the **outer corner of the first pixel is
 * (0, 0)**, its centre (½, ½), as in ImageJ, LabelMe and COCO (`regionTable` counts from the centre of the first pixel).
 */
export interface Annotation {
  /** Name of its class; "" where the file gives none. */
  readonly className: string;
  /** Number of the region, unique where it is given. */
  readonly label?: number | undefined;
  /** Name of the object itself, as ImageJ has it. */
  readonly name?: string | undefined;
  /** What it covers is the union of these. */
  readonly polygons: readonly AnnotationPolygon[];
  readonly lines?: readonly AnnotationLine[] | undefined;
}

/** The annotations of one image. */
export interface AnnotationSet {
  readonly annotations: readonly Annotation[];
  /** Size of the image, where the file says it. */
  readonly width?: number | undefined;
  readonly height?: number | undefined;
  readonly imageName?: string | undefined;
  readonly pixelSizeUm?: number | undefined;
  /** Objects left out because they mark no area or line (points, text, …), and why. */
  readonly warnings: readonly string[];
}
