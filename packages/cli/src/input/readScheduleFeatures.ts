import { FormatError } from "@materiome/core";
import { readScheduleMapping, type ScheduleFeaturizer, scheduleFeaturizer } from "@materiome/core/process";
import { readJsonFile } from "./readJsonFile.ts";

/**
 * Reads `--schedule FILE`: a mapping of process columns to the steps of a schedule, with the options of its features
 * (`hollomonJaffeC`, `profile`, …) under the key `features`.
 *
 * @throws FormatError listing what is wrong with the mapping; DomainError for options out of range
 */
export async function readScheduleFeatures(path: string): Promise<ScheduleFeaturizer> {
  const data = await readJsonFile(path);
  const { features = {}, ...mapping } = (data ?? {}) as { readonly features?: unknown };
  if (features === null || typeof features !== "object" || Array.isArray(features)) {
    throw new FormatError('"features" is expected to be an object of options, as in { "hollomonJaffeC": 20 }', {
      location: { file: path },
    });
  }
  return scheduleFeaturizer(readScheduleMapping(Array.isArray(data) ? data : mapping, path), features);
}
