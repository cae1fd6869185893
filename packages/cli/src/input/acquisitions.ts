import type { SuggestMethod } from "@materiome/inverse";

/** Acquisitions by the names that `--acquisition` takes. */
export const ACQUISITIONS: Readonly<Record<string, SuggestMethod>> = {
  auto: "auto",
  "log-expected-improvement": "logExpectedImprovement",
  "noisy-expected-improvement": "noisyExpectedImprovement",
  "upper-confidence-bound": "upperConfidenceBound",
  "spec-probability": "specProbability",
  "thompson-sampling": "thompsonSampling",
  "knowledge-gradient": "knowledgeGradient",
  "max-value-entropy": "maxValueEntropy",
  parego: "parego",
};
