export { estimateNoise } from "../segment/estimateNoise.ts";
export { type BilateralFilterOptions, bilateralFilter } from "./bilateralFilter.ts";
export { type ClaheOptions, clahe } from "./clahe.ts";
export { type ColourGradient, type ColourGradientOptions, colourGradient } from "./colourGradient.ts";
export { type ColourSpace, cielab, linearLight } from "./colourSpaces.ts";
export { type ContrastGrey, type ContrastGreyOptions, contrastGrey } from "./contrastGrey.ts";
export { type CorrectFlatFieldOptions, correctFlatField } from "./correctFlatField.ts";
export type { DaubechiesName } from "./daubechies.ts";
export {
  type HueAndChroma,
  type HueStatistics,
  type HueStatisticsOptions,
  hueAndChroma,
  hueStatistics,
} from "./hueStatistics.ts";
export {
  type GaussianBackgroundOptions,
  gaussianBackground,
  type PolynomialBackgroundOptions,
  polynomialBackground,
} from "./largeScaleBackground.ts";
export { type MedianFilterOptions, medianFilter } from "./medianFilter.ts";
export { type NonLocalMeansOptions, nonLocalMeans } from "./nonLocalMeans.ts";
export { type PhaseCorrelationOptions, type PhasePeak, phaseCorrelation } from "./phaseCorrelation.ts";
export { type RegisterTilesOptions, registerTiles, type TilePair, type TileRegistration } from "./registerTiles.ts";
export { type RemoveBackgroundOptions, removeBackground } from "./removeBackground.ts";
export { type RemoveStripesOptions, removeStripes } from "./removeStripes.ts";
export { type RollingBallOptions, rollingBall } from "./rollingBall.ts";
export { type SmoothGaussianOptions, smoothGaussian } from "./smoothGaussian.ts";
export { type StitchedImage, type StitchTilesOptions, stitchTiles } from "./stitchTiles.ts";
export { type TileGridOptions, type TilePosition, tileGrid } from "./tileGrid.ts";
export { type UnsharpMaskOptions, unsharpMask } from "./unsharpMask.ts";
