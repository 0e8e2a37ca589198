// Reads a mail on standard input, prints what it holds as JSON.
import PostalMime from "postal-mime";

const pieces = [];
for await (const piece of process.stdin) {
  pieces.push(piece);
}
const mail = await PostalMime.parse(Buffer.concat(pieces), { attachmentEncoding: "base64" });
process.stdout.write(JSON.stringify(mail));
