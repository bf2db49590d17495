import { expect, test } from "vitest";
import { classifyOperation } from "../../../../bench/costs/operation-classes.ts";

test.for([
  ["GET", "/account/uploads/web.vhd", "blobRead"],
  ["GET", "/account/uploads/folder/web.vhd?timeout=5", "blobRead"],
  ["HEAD", "/account/uploads/web.vhd", "blobOther"],
  ["HEAD", "/account/uploads?restype=container", "blobOther"],
  ["GET", "/account/uploads?restype=container&comp=list", "blobList"],
  ["GET", "/account/uploads?restype=container", "blobOther"],
  ["PUT", "/account/uploads?restype=container", "blobList"],
  ["PUT", "/account/uploads/web.vhd", "blobWrite"],
  ["PUT", "/account/uploads/web.vhd?comp=page", "blobWrite"],
  ["PUT", "/account/uploads/web.vhd?comp=metadata", "blobOther"],
  ["PUT", "/account/uploads/web.vhd?comp=lease", "blobOther"],
  ["DELETE", "/account/uploads/web.vhd", "blobFree"],
] as const)("a blob's %s %s is billed as %s", ([method, path, expected]) => {
  expect(classifyOperation({ service: "blob", method, path })).toBe(expected);
});

test.for([
  ["GET", "/account/image-work/messages?numofmessages=16", "queueClass2"],
  ["GET", "/account/image-status/messages?peekonly=true", "queueClass2"],
  ["GET", "/account/image-work?comp=metadata", "queueClass2"],
  ["HEAD", "/account/image-work?comp=metadata", "queueClass2"],
  ["GET", "/account/?comp=list", "queueClass1"],
  ["POST", "/account/image-work/messages", "queueClass1"],
  ["PUT", "/account/image-work", "queueClass1"],
  ["DELETE", "/account/image-work/messages/1?popreceipt=2", "queueClass1"],
] as const)("a queue's %s %s is billed as %s", ([method, path, expected]) => {
  expect(classifyOperation({ service: "queue", method, path })).toBe(expected);
});

test.for([
  ["GET", "/account/t(PartitionKey='p',RowKey='r')", "tableRead"],
  ["GET", "/account/t(PartitionKey=%27p%27,RowKey=%27r%27)?$format=x", "tableRead"],
  ["GET", "/account/t()?$filter=RowKey%20ge%20'a'", "tableQuery"],
  ["PUT", "/account/t(PartitionKey='p',RowKey='r')", "tableWrite"],
  ["POST", "/account/Tables", "tableWrite"],
  ["POST", "/account/$batch", "tableBatch"],
] as const)("a table's %s %s is billed as %s", ([method, path, expected]) => {
  expect(classifyOperation({ service: "table", method, path })).toBe(expected);
});
