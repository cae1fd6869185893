import { DataError } from "@materiome/core";
import { unetTrainingBytes } from "@materiome/forward/nets";
import { describe, expect, it } from "vitest";
import { chooseEdge } from "../../src/nets/netDefaults.ts";
import { isOutOfMemory, outOfMemory } from "../../src/nets/outOfMemory.ts";

const filters = [12, 24, 48, 64, 96];
const needs = (edge: number): number => unetTrainingBytes({ heightPx: edge, widthPx: edge, channels: 1, filters });

describe("outOfMemory", () => {
  it("names the piece that fits into what was free, and the threads", () => {
    const { message } = outOfMemory(new Error("OOM"), { filters, patch: 256, channels: 1 }, 4, 2.5 * needs(256));
    const [, edge] = /--patch (\d+)/.exec(message) ?? [];
    expect(Number(edge) % 16).toBe(0);
    expect(4 * needs(Number(edge))).toBeLessThanOrEqual(2.5 * needs(256));
    expect(4 * needs(Number(edge) + 16)).toBeGreaterThan(2.5 * needs(256));
    expect(message).toMatch(/--threads 2, or fewer --filters$/);
  });

  it("asks for half where all should have fitted, and for fewer filters alone where nothing fits", () => {
    const said = (patch: number, free: number) =>
      outOfMemory(new Error("x"), { filters, patch, channels: 1 }, 1, free).message;
    expect(said(128, 1e12)).toContain("--patch 80,");
    expect(said(128, 1)).toMatch(/use fewer --filters$/);
  });

  it("knows what memory says, and no other error", () => {
    expect(isOutOfMemory(new DataError("a mosaic of 9 GiB of memory"))).toBe(false);
    expect(isOutOfMemory(new RangeError("Invalid typed array length: 9"))).toBe(true);
    expect(isOutOfMemory(new RangeError("Array buffer allocation failed"))).toBe(true);
    expect(isOutOfMemory(new Error("JavaScript heap out of memory"))).toBe(true);
  });
});

describe("chooseEdge", () => {
  it("takes 128 px, or what fits into the smallest image, and says so", () => {
    const notes: string[] = [];
    const session = { note: (text: string) => notes.push(text) };
    expect(chooseEdge([512, 300], filters, session)).toBe(128);
    expect(notes).toEqual([]);
    expect(chooseEdge([512, 100], filters, session)).toBe(96);
    expect(chooseEdge([9], filters, session)).toBe(16);
    expect(notes[0]).toMatch(/pieces of 96 px instead of 128/);
  });
});
