// Uploads FILE to SERVER with tus-js-client, and prints the upload's address.
//
//   TOKEN=… node tus_js.mjs SERVER FILE
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import * as tus from "tus-js-client";

const [server, file] = process.argv.slice(2);
const upload = new tus.Upload(readFileSync(file), {
  endpoint: `${server}/v1/uploads`,
  headers: { Authorization: `Bearer ${process.env.TOKEN}` },
  metadata: { filename: basename(file), preset: "voice" },
  retryDelays: [0, 0, 0, 0, 0],
  onError: (error) => {
    console.error(error.message);
    process.exitCode = 1;
  },
  onSuccess: () => console.log(upload.url),
});
upload.start();
