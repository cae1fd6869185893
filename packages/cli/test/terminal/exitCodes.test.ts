import { DataError, FormatError, InfeasibleError } from "@materiome/core";
import { describe, expect, it } from "vitest";
import { exitCodeOf, UsageError } from "../../src/terminal/exitCodes.ts";
import { InterruptedError } from "../../src/terminal/interrupt.ts";

describe("exitCodeOf", () => {
  it.each([
    [new UsageError("no such option"), 2],
    [new FormatError("not a number"), 3],
    [new DataError("constant target"), 3],
    [new InfeasibleError("out of reach"), 5],
    [new InterruptedError("SIGINT"), 130],
    [new InterruptedError("SIGTERM"), 143],
    [new TypeError("undefined is not a function"), 1],
    ["a string", 1],
  ])("%s → %i", (error, code) => {
    expect(exitCodeOf(error)).toBe(code);
  });
});
