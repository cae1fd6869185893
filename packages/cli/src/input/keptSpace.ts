import { isMateriomeError } from "@materiome/core";
import { keepTogether, type SearchSpace } from "@materiome/inverse";

/**
 * The space with what `--keep` says in addition. Steps that `--vary` asks for stay.
 *
 * @throws the errors of `keepTogether`, with the name of the option
 */
export function keptSpace(
  space: SearchSpace,
  texts: readonly string[] = [],
  vary: readonly string[] = [],
): SearchSpace {
  if (texts.length === 0) return space;
  const asked = vary.filter((text) => /\bstep\s/i.test(text)).map((text) => text.split("=")[0] ?? "");
  const keptSteps = new Set(
    space.variables.flatMap(({ name }) => (asked.some((text) => text.startsWith(name)) ? [name] : [])),
  );
  try {
    return keepTogether(space, texts, { keptSteps });
  } catch (error) {
    if (isMateriomeError(error) && error.message.startsWith('keep "')) error.message = `--${error.message}`;
    throw error;
  }
}
