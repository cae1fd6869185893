import { FormatError } from "../../errors/errors.ts";
import type { FittedStep } from "./featureStep.ts";
import { IMPUTE_TYPE, readImpute } from "./imputeFeatures.ts";
import { POLYNOMIAL_TYPE, readPolynomial } from "./polynomialFeatures.ts";
import { PCA_TYPE, readPrincipalComponents } from "./principalComponents.ts";
import { readScale, SCALE_TYPE } from "./scaleFeatures.ts";
import { readSelected, SELECT_TYPE } from "./selectedFeatures.ts";
import { readTransform, TRANSFORM_TYPE } from "./transformFeatures.ts";

const READERS: ReadonlyMap<string, (data: unknown) => FittedStep> = new Map([
  [IMPUTE_TYPE, readImpute],
  [POLYNOMIAL_TYPE, readPolynomial],
  [PCA_TYPE, readPrincipalComponents],
  [SCALE_TYPE, readScale],
  [SELECT_TYPE, readSelected],
  [TRANSFORM_TYPE, readTransform],
]);

/**
 * A fitted step from what its `toJSON` wrote; transforms bit for bit as before.
 *
 * @throws FormatError if the data are damaged or of no known step; IncompatibleError if of another version
 */
export function readFeatureStep(data: unknown): FittedStep {
  const type = (data as { readonly type?: unknown } | null | undefined)?.type;
  const read = READERS.get(typeof type === "string" ? type : "");
  if (read === undefined) throw new FormatError(`readFeatureStep: ${JSON.stringify(type)} is no known feature step`);
  return read(data);
}
