/**
 * The candidates that a misspelt name most likely meant, best first: edit distance (Damerau–Levenshtein with adjacent
 * transpositions, case ignored) of at most a third of the longer name, to the candidate, to it without what it has in
 * brackets at its end, or to its beginning; or one containing the other, where both have at least three letters.
 *
 * @example
 * nearestNames("Yeild strength", ["Yield strength (MPa)", "Hardness"]); // ["Yield strength (MPa)"]
 */
export function nearestNames(name: string, candidates: readonly string[], most = 3): string[] {
  const wanted = name.trim().toLowerCase();
  return candidates
    .map((candidate) => ({ candidate, distance: distanceTo(wanted, candidate.toLowerCase()) }))
    .filter((entry) => entry.distance < Number.POSITIVE_INFINITY)
    .sort((a, b) => a.distance - b.distance)
    .slice(0, most)
    .map((entry) => entry.candidate);
}

/** Letters from which on a name says something inside another. */
const TELLING = 3;
/** Added where the name fits without the brackets; thrice that where only the beginning fits: a whole one as near comes first. */
const PART = 0.5;

/** Smallest distance to the candidate or a part of it; Infinity where none is close. */
function distanceTo(wanted: string, text: string): number {
  const close = (part: string, extra: number): number => {
    const distance = editDistance(wanted, part);
    return distance <= Math.max(wanted.length, part.length) / 3 ? distance + extra : Number.POSITIVE_INFINITY;
  };
  const distances = [close(text, 0)];
  const bare = text.replace(/\s*[([{][^()[\]{}]*[)\]}]\s*$/, "");
  if (bare !== text && bare !== "") distances.push(close(bare, PART));
  if (wanted.length >= 2 * TELLING && text.length > wanted.length) {
    distances.push(close(text.slice(0, wanted.length), 3 * PART));
  }
  const contains = Math.min(wanted.length, text.length) >= TELLING && (text.includes(wanted) || wanted.includes(text));
  if (contains) distances.push(editDistance(wanted, text));
  return Math.min(...distances);
}

function editDistance(a: string, b: string): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let best = Math.min(substitution, (previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        best = Math.min(best, (beforePrevious[j - 2] ?? 0) + 1);
      }
      current.push(best);
    }
    beforePrevious = previous;
    previous = current;
  }
  return previous[b.length] ?? a.length;
}
