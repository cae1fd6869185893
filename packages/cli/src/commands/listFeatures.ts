import { compositionFeaturizer, compositionFeaturizers } from "@materiome/core/composition";
import { featureSteps } from "@materiome/core/features";
import type { Session } from "../terminal/session.ts";
import { textTable } from "../terminal/textTable.ts";
import { versions } from "../version.ts";

/** `materiome featurize --list`: what `--features` and `--steps` can name. */
export function listFeatures(session: Session): void {
  const featurizers = compositionFeaturizers().map(({ name, description, presets }) => {
    const { features, citations } = compositionFeaturizer(name);
    return { name, description, nFeatures: features.length, presets, citations };
  });
  const steps = featureSteps();
  session.result({ features: featurizers, steps, versions: versions() });
  session.output(
    [
      "--features (of formulas; of element columns with --balance):",
      textTable(
        ["name", "n", "what", "presets (name:preset)"],
        featurizers.map((f) => [f.name, String(f.nFeatures), f.description, f.presets.join(", ")]),
      ),
      "",
      '--steps (JSON list of { "step": name, …options }):',
      textTable(
        ["step", "what", "options"],
        steps.map((step) => [step.name, step.description, step.options.join(", ")]),
      ),
      "",
      "sources:",
      ...featurizers.flatMap((f) => [`  ${f.name}`, ...f.citations.map((citation) => `    ${citation}`)]),
    ].join("\n"),
  );
}
