// Reads [{secret, headers, body}] on standard input; prints for each what is wrong with its
// signature, or null.
import { Webhook } from "standardwebhooks";

const pieces = [];
for await (const piece of process.stdin) {
  pieces.push(piece);
}
const wrongs = JSON.parse(Buffer.concat(pieces)).map(({ secret, headers, body }) => {
  try {
    new Webhook(secret).verify(body, headers);
    return null;
  } catch (error) {
    return String(error.message);
  }
});
process.stdout.write(JSON.stringify(wrongs));
