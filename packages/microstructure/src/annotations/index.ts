export { type AnnotateRegionsOptions, annotateRegions } from "./annotateRegions.ts";
export type { Annotation, AnnotationLine, AnnotationPolygon, AnnotationSet } from "./annotation.ts";
export { type CocoOptions, cocoInstances, type ReadCocoOptions, readCoco } from "./coco.ts";
export { type GeoJsonOptions, geoJson, type ReadGeoJsonOptions, readGeoJson } from "./geoJson.ts";
export { imageJRoiZip, type ReadImageJRoisOptions, readImageJRois } from "./imageJRoiZip.ts";
export { labelMeJson, type ReadLabelMeOptions, readLabelMe } from "./labelMe.ts";
export {
  type RasteriseAnnotationsOptions,
  type RasterisedAnnotations,
  rasteriseAnnotations,
} from "./rasteriseAnnotations.ts";
export { type ReadAnnotationFileOptions, readAnnotationFile } from "./readAnnotationFile.ts";
export { type ImageJRoi, readImageJRoi } from "./readImageJRoi.ts";
export { compressRuns, decompressRuns, maskToRuns, runsToMask } from "./runLengths.ts";
export { encodeImageJRoi } from "./writeImageJRoi.ts";
