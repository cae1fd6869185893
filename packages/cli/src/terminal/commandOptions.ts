import { availableParallelism } from "node:os";
import { type Command, InvalidArgumentError, Option } from "commander";
import { DEFAULT_SEED } from "./session.ts";

/** A command with the options that all have. */
export function command(parent: Command, name: string, description: string): Command {
  return parent
    .command(name)
    .description(description)
    .option("--json", "print one JSON document to stdout and nothing else there")
    .option("--quiet", "print results and warnings only")
    .option("--seed <n>", "seed of everything random", integerFrom(0), DEFAULT_SEED)
    .option("--threads <n>", "worker threads (results do not depend on it)", integerFrom(1), availableParallelism());
}

/** A command that reads a table. */
export function tableCommand(parent: Command, name: string, description: string): Command {
  return command(parent, name, description)
    .option("--schema <file>", "column roles and units as JSON")
    .option("--sheet <name>", "sheet of a workbook, by name or number (the first)");
}

/** What becomes of the strip of text under an image. */
export function dataBar(): Option {
  return new Option("--data-bar <rule>", "whether the strip of text under an image is cut off")
    .choices(["crop", "keep"])
    .default("crop");
}

/** What becomes of images of another scale than the model's. */
export function otherScale(): Option {
  return new Option(
    "--other-scale <rule>",
    "images whose pixel size differs by more than 5 % from that of the model's training images",
  )
    .choices(["refuse", "rescale", "ignore"])
    .default("refuse");
}

/** What becomes of coloured images where the model's are grey, or the reverse. */
export function otherColour(): Option {
  return new Option(
    "--other-colour <rule>",
    "coloured images for a model of grey ones, or the reverse; convert: the luma of colours, grey as red, green and blue",
  )
    .choices(["refuse", "convert"])
    .default("refuse");
}

/** Views of which a net's prediction is the mean. */
export function views(): Option {
  return new Option(
    "--views <kind>",
    "of a net: the mean over its 4 flips, or the 8 of the square with turns; so many times slower",
  ).choices(["flips", "square"]);
}

/** Text under the help of a command. */
export function example(text: string): string {
  return `\nExample:\n  $ ${text}`;
}

/** Reads a number above 0. */
export function positive(text: string): number {
  const value = Number(text);
  if (!(Number.isFinite(value) && value > 0)) throw new InvalidArgumentError("expected a number above 0.");
  return value;
}

/** Largest step size of a net's training. */
export function learningRate(usual: number, whose = ""): Option {
  return new Option(
    "--learning-rate <x>",
    `${whose}largest step of its weights (${usual}); smaller, such as ${usual / 4}, where the loss stops being a number`,
  ).argParser(rate);
}

function rate(text: string): number {
  const value = Number(text);
  if (value > 0 && value <= 1) return value;
  throw new InvalidArgumentError("expected a number above 0 and at most 1, for example 0.0005.");
}

/** Reads a number of at least 0. */
export function atLeastZero(text: string): number {
  const value = text.trim() === "" ? Number.NaN : Number(text);
  if (!(Number.isFinite(value) && value >= 0)) throw new InvalidArgumentError("expected a number of at least 0.");
  return value;
}

/** Reads a number between 0 and 1. */
export function probability(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value < 1)) throw new InvalidArgumentError("expected a number between 0 and 1, for example 0.9.");
  return value;
}

/** Reads a whole number of at least `least`. */
export function integerFrom(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!(Number.isSafeInteger(value) && value >= least)) {
      throw new InvalidArgumentError(`expected a whole number of at least ${least}.`);
    }
    return value;
  };
}

/** Reads whole numbers of at least 1 with commas between. */
export function integerList(text: string): readonly number[] {
  const values = text.split(",").map((part) => (part.trim() === "" ? Number.NaN : Number(part)));
  if (values.every((value) => Number.isSafeInteger(value) && value >= 1)) return values;
  throw new InvalidArgumentError("expected whole numbers of at least 1 with commas between, for example 16,32,64.");
}

/** Reads two whole numbers of at least 1, the lesser first. */
export function integerRange(text: string): readonly [number, number] {
  const [from, to, ...rest] = integerList(text);
  if (from !== undefined && to !== undefined && rest.length === 0 && from <= to) return [from, to];
  throw new InvalidArgumentError("expected two whole numbers with a comma between, the lesser first: 12,60.");
}
