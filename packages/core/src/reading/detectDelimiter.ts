export type Delimiter = "," | ";" | "\t" | "|";

export const DELIMITERS: readonly Delimiter[] = ["\t", ";", "|", ","];
const SAMPLE = 100;

/**
 * The one of tab, semicolon, bar, comma that splits the header and the largest share of the first hundred rows into
 * equally many fields (at least two); in a tie in that order, because commas are common inside fields and decimal numbers.
 * A text without any of them is one column.
 *
 * @param headerRow - row of the header, from 1; what stands above says nothing
 */
export function detectDelimiter(text: string, headerRow: number = 1): Delimiter {
  const counts = countDelimiters(text, true, headerRow) ?? countDelimiters(text, false, headerRow) ?? [];
  let best: Delimiter = ",";
  let bestShare = 0;
  for (const [k, delimiter] of DELIMITERS.entries()) {
    const inHeader = counts[0]?.[k] ?? 0;
    if (inHeader === 0) continue;
    const share = counts.filter((record) => record[k] === inHeader).length / counts.length;
    if (share > bestShare) {
      best = delimiter;
      bestShare = share;
    }
  }
  return best;
}

/**
 * How often each delimiter stands in each of the first records, not counting quoted text; undefined if quotes do not
 * pair up, as where they mean inches.
 */
function countDelimiters(text: string, heedQuotes: boolean, headerRow: number): number[][] | undefined {
  const records: number[][] = [];
  let row = 1;
  let counts = DELIMITERS.map(() => 0);
  let isBlank = true;
  let quoted = false;
  for (let i = 0; i <= text.length && records.length < SAMPLE; i++) {
    const character = text[i];
    if (character === '"' && heedQuotes) quoted = !quoted;
    if (character === undefined || (!quoted && (character === "\n" || character === "\r"))) {
      if (!isBlank && row >= headerRow) records.push(counts);
      if (character !== "\n" || text[i - 1] !== "\r") row++;
      counts = DELIMITERS.map(() => 0);
      isBlank = true;
    } else {
      const k = quoted ? -1 : DELIMITERS.indexOf(character as Delimiter);
      if (k >= 0) counts[k] = (counts[k] ?? 0) + 1;
      isBlank = false;
    }
  }
  return quoted ? undefined : records;
}
