import { nearestNames } from "@materiome/core";
import { compositionFeaturizers } from "@materiome/core/composition";
import { UsageError } from "../terminal/exitCodes.ts";

/**
 * Checks the names given to `--features`: `name` or `name:preset`.
 *
 * @throws UsageError with what was likely meant
 */
export function checkFeatureNames(names: readonly string[] | undefined): readonly string[] | undefined {
  const known = compositionFeaturizers();
  for (const text of names ?? []) {
    const [name = "", preset, ...more] = text.split(":");
    const featurizer = known.find((entry) => entry.name === name);
    const presets = featurizer?.presets ?? [];
    if (featurizer === undefined)
      throw unknown(
        `there are no features "${name}"`,
        name,
        known.map((entry) => entry.name),
      );
    if (preset === undefined) continue;
    if (more.length > 0 || !presets.includes(preset)) {
      throw unknown(`"${name}" has no preset "${[preset, ...more].join(":")}"`, preset, presets);
    }
  }
  return names;
}

function unknown(what: string, found: string, known: readonly string[]): UsageError {
  const near = nearestNames(found, known, 1)[0];
  const hint =
    near === undefined
      ? known.length === 0
        ? "it has none"
        : `known are ${known.join(", ")}`
      : `did you mean "${near}"?`;
  return new UsageError(`--features: ${what}; ${hint}\n(materiome featurize --list shows them all)`);
}
