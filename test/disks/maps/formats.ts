import * as blocks from "./build-block-formats.ts";
import * as levels from "./build-two-level-formats.ts";
import * as naive from "./naive-readers.ts";
import type { DiskPlan, Slot } from "./placement.ts";

/** A format that tests can write, and read in the simplest way. */
export interface TestFormat {
  readonly name: string;
  readonly format: string;
  readonly blockBytes: number;
  readonly slots: readonly Slot[];
  readonly maxBlocks: number;
  readonly build: (plan: DiskPlan) => Uint8Array;
  readonly naive: naive.NaiveReader;
  /** Where hostile numbers do most: parts of the file as start and length; negative from the end. */
  readonly hot: readonly (readonly [start: number, length: number])[];
}

const MIB = 1024 * 1024;

export const TEST_FORMATS: readonly TestFormat[] = [
  {
    name: "dynamic VHDs",
    format: "vhd-dynamic",
    blockBytes: blocks.VHD_BLOCK_BYTES,
    slots: ["none", "data"],
    maxBlocks: 40,
    build: blocks.buildVhd,
    naive: naive.naiveVhd,
    hot: [
      [0, 2048],
      [1536, 160],
      [-512, 512],
    ],
  },
  {
    name: "VHDX files",
    format: "vhdx",
    blockBytes: blocks.VHDX_BLOCK_BYTES,
    slots: ["none", "zero", "data"],
    maxBlocks: 4,
    build: blocks.buildVhdx,
    naive: naive.naiveVhdx,
    hot: [
      [2 * MIB, 40],
      [2 * MIB, 40],
      [3 * MIB, 160],
      [3 * MIB + 65_536, 24],
      [65_536, 96],
      [196_608, 96],
    ],
  },
  {
    name: "qcow2 images",
    format: "qcow2",
    blockBytes: levels.QCOW2_CLUSTER_BYTES,
    slots: ["none", "zero", "data", "packed"],
    maxBlocks: 200,
    build: levels.buildQcow2,
    naive: naive.naiveQcow2,
    hot: [
      [0, 112],
      [512, 64],
      [-2048, 2048],
    ],
  },
  {
    name: "sparse VMDKs",
    format: "vmdk",
    blockBytes: levels.VMDK_GRAIN_BYTES,
    slots: ["none", "zero", "data"],
    maxBlocks: 40,
    build: levels.buildVmdk,
    naive: naive.naiveVmdk,
    hot: [
      [0, 96],
      [512, 200],
      [-2560, 200],
      [-512, 16],
    ],
  },
  {
    name: "VMDK streams",
    format: "vmdk-stream",
    blockBytes: levels.VMDK_GRAIN_BYTES,
    slots: ["none", "packed"],
    maxBlocks: 40,
    build: (plan) => levels.buildVmdk(plan, true),
    naive: naive.naiveVmdk,
    hot: [
      [0, 96],
      [-1536, 1536],
      [-4096, 200],
      [-2048, 16],
    ],
  },
  {
    name: "VDI images",
    format: "vdi",
    blockBytes: blocks.VDI_BLOCK_BYTES,
    slots: ["none", "zero", "data"],
    maxBlocks: 40,
    build: blocks.buildVdi,
    naive: naive.naiveVdi,
    hot: [
      [0x40, 400],
      [512, 160],
    ],
  },
];
