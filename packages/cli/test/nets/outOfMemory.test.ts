import { DataError, DomainError } from "@materiome/core";
import { imageTrainingBytes, unetTrainingBytes } from "@materiome/forward/nets";
import { describe, expect, it } from "vitest";
import { chooseEdge } from "../../src/nets/netDefaults.ts";
import { imagesOutOfMemory, isOutOfMemory, outOfMemory } from "../../src/nets/outOfMemory.ts";

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

  it("names the size of whole images that fits", () => {
    const size = { widthPx: 512, heightPx: 384, channels: 1, filters: [16, 32, 64, 128], depths: [1, 1, 1, 2] };
    const needs = imageTrainingBytes(size);
    const { message } = imagesOutOfMemory(new Error("OOM"), size, 2, 1.1 * needs);
    const [, width, height] = /--size (\d+)x(\d+)/.exec(message) ?? [];
    const smaller = { ...size, widthPx: Number(width), heightPx: Number(height) };
    expect(2 * imageTrainingBytes(smaller)).toBeLessThanOrEqual(1.1 * needs);
    expect(2 * imageTrainingBytes(smaller)).toBeGreaterThan(1.07 * needs);
    expect(message).toMatch(/images of 512 × 384 px .*--threads 1, or fewer --filters$/);
    expect(imagesOutOfMemory(new Error("x"), size, 1, 1).message).toMatch(/use fewer --filters$/);
  });

  it("knows what memory says, and no other error", () => {
    expect(isOutOfMemory(new DataError("a mosaic of 9 GiB of memory"))).toBe(false);
    expect(isOutOfMemory(new DomainError("nets: no room for 9 MiB in the 4 GiB of WebAssembly memory"))).toBe(true);
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
