// Calls the API through AWS's SDK for JavaScript: one JSON object a line on stdin says what to call, one on stdout what
// came back. Credentials and endpoints are the environment's, as for any program that uses the SDK.
//
// What JSON cannot say stands in objects of one member: `$file` is a file to send as a stream that knows its length,
// `$chunks` one to send as a stream that does not; `$date` is a Date in milliseconds, `$bytes` what came as a stream.

import * as codeartifact from "@aws-sdk/client-codeartifact";
import * as sts from "@aws-sdk/client-sts";
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";

const settings = { maxAttempts: 1 }; // a failure must not hide behind a second attempt
const services = {
  codeartifact: { sdk: codeartifact, client: new codeartifact.CodeartifactClient(settings) },
  sts: { sdk: sts, client: new sts.STSClient(settings) },
};

/** Return what the SDK takes for a parameter. */
function sent(value) {
  if (value?.$file !== undefined) return createReadStream(value.$file);
  if (value?.$chunks !== undefined) return Readable.from(createReadStream(value.$chunks));
  return value;
}

/** Return as JSON what the SDK gave. */
async function told(value) {
  if (value instanceof Date) return { $date: value.getTime() };
  if (value instanceof Readable) return { $bytes: await digested(value) };
  if (Array.isArray(value)) return Promise.all(value.map(told));
  if (value === null || typeof value !== "object") return value;
  const members = Object.entries(value).filter(([name]) => name !== "$metadata");
  return Object.fromEntries(await Promise.all(members.map(async ([name, item]) => [name, await told(item)])));
}

/** Read a stream to its end. */
async function digested(stream) {
  const hash = createHash("sha256");
  let size = 0;
  for await (const chunk of stream) {
    hash.update(chunk);
    size += chunk.length;
  }
  return { sha256: hash.digest("hex"), size };
}

/** Return what an exception of the SDK says. */
function described(error, sdk) {
  const { name, message, $metadata, $fault, resourceId, resourceType, reason } = error;
  const members = { resourceId, resourceType, reason };
  const modelled = sdk[name] !== undefined && error instanceof sdk[name];
  return { name, message, members, modelled, fault: $fault, status: $metadata?.httpStatusCode ?? null };
}

/** Return the answer to one line. */
async function answer({ service, operation, parameters, pageSize }) {
  const { sdk, client } = services[service];
  const input = Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, sent(value)]));
  try {
    if (pageSize === undefined) return { output: await told(await client.send(new sdk[`${operation}Command`](input))) };
    const pages = [];
    const paging = { client, pageSize, stopOnSameToken: true }; // lists that never end would not fail the test, but stop it
    for await (const page of sdk[`paginate${operation}`](paging, input)) pages.push(await told(page));
    return { pages };
  } catch (error) {
    return { error: described(error, sdk) };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(await answer(JSON.parse(line))));
}
