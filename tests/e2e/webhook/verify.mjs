// Verifies a message as its receivers do:
//
//   node verify.mjs SECRET-FILE REQUEST-FILE
//
// Prints the message, as JSON, or fails. The request is as webhook_receiver.py keeps it.
import { readFileSync } from "node:fs";
import { Webhook } from "standardwebhooks";

const [secret, request] = process.argv.slice(2).map((file) => readFileSync(file, "utf8"));
const { headers, body } = JSON.parse(request);
console.log(JSON.stringify(new Webhook(secret.trim()).verify(body, headers)));
