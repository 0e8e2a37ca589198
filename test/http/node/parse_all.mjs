// Reads a JSON list of mails (base64) on standard input; prints for each what postal-mime and what
// mailparser make of it, in one form.
import { createHash } from "node:crypto";
import { simpleParser } from "mailparser";
import PostalMime from "postal-mime";

const sha256 = (content) => createHash("sha256").update(Buffer.from(content)).digest("hex");
const members = (list) => list.flatMap((one) => one.group ?? [one]);

async function readByPostalMime(content) {
  const mail = await PostalMime.parse(content, { forceRfc822Attachments: true });
  return {
    from: members([mail.from]).map((one) => one.address),
    to: members(mail.to ?? []).map((one) => one.address),
    cc: members(mail.cc ?? []).map((one) => one.address),
    subject: mail.subject ?? "",
    text: mail.text ?? "",
    html: mail.html ?? "",
    in_reply_to: mail.inReplyTo ?? "",
    references: mail.references ?? "",
    files: mail.attachments.map((one) => [one.filename, one.mimeType, sha256(one.content)]),
  };
}

async function readByMailparser(content) {
  const mail = await simpleParser(content, {
    keepCidLinks: true, skipTextToHtml: true, skipTextLinks: true, skipHtmlToText: true,
  });
  const addresses = (field) => (field?.value ?? []).flatMap((one) => one.group ?? [one])
    .map((one) => one.address);
  return {
    from: addresses(mail.from),
    to: addresses(mail.to),
    cc: addresses(mail.cc),
    subject: mail.subject ?? "",
    text: mail.text ?? "",
    html: mail.html || "",
    in_reply_to: mail.inReplyTo ?? "",
    references: [mail.references ?? []].flat().join(" "),
    files: mail.attachments.map((one) => [one.filename, one.contentType, sha256(one.content)]),
  };
}

const pieces = [];
for await (const piece of process.stdin) {
  pieces.push(piece);
}
const read = [];
for (const mail of JSON.parse(Buffer.concat(pieces))) {
  const content = Buffer.from(mail, "base64");
  read.push({ postal: await readByPostalMime(content), mailparser: await readByMailparser(content) });
}
process.stdout.write(JSON.stringify(read));
