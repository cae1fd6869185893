import { type Feature, IncompatibleError, type Matrix, ShapeError } from "@materiome/core";

type Fields = { readonly [key: string]: unknown };

/** @throws IncompatibleError for a stored model of another type or version */
export function openStored(
  data: unknown,
  expected: string,
  reads: number,
): { readonly params: Fields; readonly state: Fields } {
  const { type, version, params, state } = (data ?? {}) as Fields;
  if (type !== expected) {
    throw new IncompatibleError(`model: expected a stored "${expected}", found ${JSON.stringify(type)}`);
  }
  if (version !== reads) {
    throw new IncompatibleError(
      `model: stored "${expected}" has version ${JSON.stringify(version)}, this program reads version ${reads}; train the model again, or use the program that wrote it`,
    );
  }
  return { params: (params ?? {}) as Fields, state: (state ?? {}) as Fields };
}

/** @throws ShapeError or IncompatibleError if x has other features than the model was trained with */
export function checkFeatures(
  features: readonly Feature[],
  x: Matrix & { readonly features?: readonly Feature[] },
): void {
  if (x.columns !== features.length) {
    throw new ShapeError(`predict: the model takes ${features.length} features, got ${x.columns}`);
  }
  for (const [f, feature] of features.entries()) {
    const got = x.features?.[f]?.name;
    if (got !== undefined && got !== feature.name) {
      throw new IncompatibleError(
        `predict: feature ${f} is "${got}", the model was trained with "${feature.name}" there; give the features in the order of training`,
      );
    }
  }
}

export function isFeature(value: unknown): value is Feature {
  const { name, unit, source } = (value ?? {}) as Record<string, unknown>;
  return typeof name === "string" && typeof unit === "string" && Array.isArray(source);
}
