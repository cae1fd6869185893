export { absorbSmallRegions } from "./absorbSmallRegions.ts";
export {
  boundaryChains,
  CHAIN_CLOSED,
  CHAIN_FROM_JUNCTION,
  CHAIN_TO_JUNCTION,
  countPixelEdges,
} from "./boundaryChains.ts";
export { boundaryPairs } from "./boundaryPairs.ts";
export { boxBlur } from "./boxBlur.ts";
export { glidingMass, occupiedBoxes, summedArea } from "./boxMass.ts";
export { boxMean, ringStatistics } from "./boxMean.ts";
export { clusterPairs } from "./clusterPairs.ts";
export { addGradientProducts, blurTensor, tensorRoots } from "./colourTensor.ts";
export { connectedComponents } from "./connectedComponents.ts";
export { circleOffsets, curveHits, lineOffsets } from "./curveHits.ts";
export { circlePixels, linePixels } from "./curvePixels.ts";
export { diffuseChannels } from "./diffuseChannels.ts";
export { dilateMax } from "./dilateMax.ts";
export { distanceTransformSquared, nearestFeature } from "./distanceTransform.ts";
export { drawBoundaries } from "./drawBoundaries.ts";
export { exposeImage } from "./exposeImage.ts";
export { fillPolygon } from "./fillPolygon.ts";
export { floodBorder } from "./floodBorder.ts";
export { gaussianBlur } from "./gaussianBlur.ts";
export { geodesic } from "./geodesic.ts";
export { greyHistogram, valueRange } from "./greyHistogram.ts";
export { greyPairs } from "./greyPairs.ts";
export { isodataBin, liBin, multiOtsuBins, triangleBin, yenBin } from "./histogramThresholds.ts";
export { hillRanks, hMaxima } from "./hMaxima.ts";
export { hysteresis } from "./hysteresis.ts";
export { layerPath } from "./layerPath.ts";
export { lineAverages } from "./lineAverages.ts";
export { lineCrossings } from "./lineCrossings.ts";
export { lineRidge } from "./lineRidge.ts";
export { lineRuns } from "./lineRuns.ts";
export { localBinaryCodes } from "./localBinaryCodes.ts";
export { localMoments } from "./localMoments.ts";
export { magnifyByVote } from "./magnifyByVote.ts";
export { compactWatershed, markerWatershed } from "./markerWatershed.ts";
export { matchPixels } from "./matchPixels.ts";
export { nearCounts } from "./nearCounts.ts";
export { nearestLabel } from "./nearestLabel.ts";
export { nearestSeed } from "./nearestSeed.ts";
export {
  addSquares,
  centralGradient,
  directedPairs,
  orientationSummary,
  weightedSum,
} from "./orientedResponses.ts";
export { otsuBin } from "./otsu.ts";
export { overlapMeans } from "./overlapMeans.ts";
export { pairCounts } from "./pairCounts.ts";
export { periodicIntercepts } from "./periodicIntercepts.ts";
export { advancePotts, createPottsLattice, type PottsLattice } from "./pottsLattice.ts";
export { quadPatterns } from "./quadPatterns.ts";
export { radialBins } from "./radialBins.ts";
export { rayToEdge } from "./rayToEdge.ts";
export { reconstruct } from "./reconstruct.ts";
export { reconstructGrey } from "./reconstructGrey.ts";
export { reflectIndex } from "./reflectIndex.ts";
export { regionalMaxima } from "./regionalMaxima.ts";
export { regionExtents } from "./regionExtents.ts";
export { borderPairs } from "./regionGraph.ts";
export { HULL_FIELDS, regionHulls, regionRows } from "./regionHulls.ts";
export { INTENSITY_FIELDS, regionIntensity, regionPixels } from "./regionIntensity.ts";
export { REGION_FIELDS, regionMoments } from "./regionMoments.ts";
export { regionQuads } from "./regionQuads.ts";
export { rgbToLab } from "./rgbToLab.ts";
export { ridgeCrest } from "./ridgeCrest.ts";
export { scaleDerivatives } from "./scaleDerivatives.ts";
export { scaleSpace, scaleSpaceHalo } from "./scaleSpace.ts";
export { shadeImage } from "./shadeImage.ts";
export { simplifyChains } from "./simplifyChains.ts";
export { slic } from "./slic.ts";
export { smoothLabels } from "./smoothLabels.ts";
export { ridgePixels, spacedPeaks, windowPeaks } from "./spacedPeaks.ts";
export { structureTensor, structureTensorParts } from "./structureTensor.ts";
export { guoHallTable, thin } from "./thinning.ts";
export { type PixelRings, traceRings } from "./traceRings.ts";
export { vectorGradient } from "./vectorGradient.ts";
export { watershed } from "./watershed.ts";
export { columnMinimum, windowMinimum } from "./windowMinimum.ts";
