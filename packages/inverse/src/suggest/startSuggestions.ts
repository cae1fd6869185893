import { encodePoints } from "../space/encodePoints.ts";
import { atVersion } from "./atVersion.ts";
import { fidelityLevels } from "./chooseFidelity.ts";
import type { OpenPoints } from "./openPoints.ts";
import type { SuggestOptions, SuggestResult } from "./options.ts";
import { successOf } from "./outcomes.ts";
import { plainSuggestion } from "./plainSuggestion.ts";
import { probablyFeasible } from "./probablyFeasible.ts";
import { drawPoints } from "./region.ts";
import { roundPoint } from "./roundPoint.ts";
import { startPoints } from "./startPoints.ts";
import { startVersion } from "./startVersion.ts";
import type { Suggestion } from "./suggestion.ts";

const DRAWS = 512;

/**
 * A space-filling batch, of points where experiments probably work.
 *
 * @param reason - why no surrogate is asked, which the notes say
 */
export function startSuggestions(options: SuggestOptions, open: OpenPoints, reason: string): SuggestResult {
  const { space, observations, random, batch = 1 } = options;
  const notes = [reason];
  const success = successOf(encodePoints(space, observations.points), observations);
  const fidelity = options.fidelity === undefined ? undefined : fidelityLevels(space, options.fidelity);
  const suggestions: Suggestion[] = [];
  const tried = [...observations.points, ...observations.pending];
  for (let k = 0; k < batch; k++) {
    const { region } = open;
    const candidates = (open.pool ?? drawPoints(region, DRAWS, random.fork("start").fork(k))).filter(open.isOpen);
    // A point that was measured in any version is no new place.
    const counting = fidelity === undefined ? undefined : region.held.get(fidelity.index);
    const places =
      fidelity === undefined ? tried : tried.map((point) => atVersion(point, fidelity.index, counting ?? Number.NaN)); // held: see checkSuggest
    const possible = probablyFeasible(space, candidates, success);
    const [exact] = startPoints(space, possible, places, 1, random.fork("choose").fork(k));
    if (exact === undefined) {
      notes.push(`Only ${k} of ${batch} points are left.`);
      break;
    }
    const point = open.pool === undefined ? roundPoint(space, exact, open.isOpen) : exact;
    const asked = fidelity === undefined ? point : startVersion(point, fidelity, tried, open);
    const log = success?.value(encodePoints(space, [asked]))[0] ?? 0;
    const method = open.pool === undefined ? "Sobol start" : "space-filling start";
    suggestions.push({ ...plainSuggestion(options, asked, method), feasibleProbability: Math.exp(log) });
    tried.push(asked);
    open.take(point, asked);
  }
  return { suggestions, notes };
}
