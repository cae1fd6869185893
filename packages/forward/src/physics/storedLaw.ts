import { decodeArray, encodeArray, type Feature, FormatError, type Json } from "@materiome/core";
import { isFeature } from "../learner/storedModel.ts";
import { type Law, type LawParameter, readLaw } from "./law.ts";

/** A law with the values of its parameters, as plain JSON. */
export function encodeLaw(law: Law, parameters: Float64Array): { [key: string]: Json } {
  return {
    law: law.text,
    unit: law.unit,
    features: law.features.map(({ name, unit, source }) => ({ name, unit, source })),
    parameters: law.parameters.map(({ name, unit }) => ({ name, unit })),
    values: encodeArray(parameters),
  };
}

/** @throws FormatError for a damaged file */
export function decodeLaw(
  data: { readonly [key: string]: unknown },
  nFeatures: number,
): { readonly law: Law; readonly values: Float64Array } {
  const { law, unit, features, parameters } = data;
  const values = decodeArray(data["values"], "f64");
  const isWhole =
    typeof law === "string" &&
    typeof unit === "string" &&
    Array.isArray(features) &&
    features.length === nFeatures &&
    features.every(isFeature) &&
    Array.isArray(parameters) &&
    parameters.length === values.length &&
    parameters.every(
      (p: { name?: unknown; unit?: unknown }) => typeof p?.name === "string" && typeof p.unit === "string",
    );
  if (!isWhole) throw new FormatError("model: the stored law is inconsistent; the file is damaged, train again");
  return { law: readLaw(law, features as Feature[], parameters as LawParameter[], unit), values };
}
