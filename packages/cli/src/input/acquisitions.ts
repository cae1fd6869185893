import { isMateriomeError } from "@materiome/core";
import type { SuggestMethod } from "@materiome/inverse";

/** Acquisitions by the names that `--acquisition` takes. */
export const ACQUISITIONS: Readonly<Record<string, SuggestMethod>> = {
  auto: "auto",
  "log-expected-improvement": "logExpectedImprovement",
  "expected-improvement": "expectedImprovement",
  "noisy-expected-improvement": "noisyExpectedImprovement",
  "upper-confidence-bound": "upperConfidenceBound",
  "spec-probability": "specProbability",
  "thompson-sampling": "thompsonSampling",
  "knowledge-gradient": "knowledgeGradient",
  "max-value-entropy": "maxValueEntropy",
  parego: "parego",
};

/** Does the work, and where it refuses a method names it, and the way out of scatter, as the options of the command do. */
export async function namingAcquisitions<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (isMateriomeError(error)) {
      for (const [name, method] of Object.entries(ACQUISITIONS)) {
        error.message = error.message.replaceAll(new RegExp(`\\b${method}\\b`, "g"), name);
      }
      error.message = error.message.replace("leave the disturbance out", "take settings as met exactly (--no-scatter)");
    }
    throw error;
  }
}
