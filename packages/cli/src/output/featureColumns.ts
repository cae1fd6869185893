import { type Column, createNumberColumn, type FeatureMatrix, parseHeader } from "@materiome/core";

/** Features as columns whose headers are read again with the same unit: `sqrt(d)` has none, whatever the brackets look like. */
export function featureColumns(x: FeatureMatrix): Column[] {
  return x.features.map(({ name, unit }, k) => {
    const values = Float64Array.from({ length: x.rows }, (_, i) => x.data[i * x.columns + k] as number); // k < columns
    const isMistakable = unit === "" && parseHeader(name).unit !== "";
    return createNumberColumn(name, values, { role: "note", unit, ...(isMistakable ? { header: `${name} [-]` } : {}) });
  });
}
