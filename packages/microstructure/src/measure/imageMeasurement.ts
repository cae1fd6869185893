import type { FieldMeasurement } from "./measureField.ts";
import type { LayersMeasurement } from "./measureLayers.ts";
import type { SecondPhaseMeasurement } from "./measureSecondPhase.ts";

/** What was measured, by the kind of region found. */
export type ImageMeasurement =
  | ({ readonly kind: "grains" } & FieldMeasurement)
  | ({ readonly kind: "particles" | "pores" } & SecondPhaseMeasurement)
  | ({ readonly kind: "layers" } & LayersMeasurement);
