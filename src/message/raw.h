/* raw.h - a mail that comes in, byte for byte as it came, on its way to where it is kept. */
#pragma once
#include "base/spool.h"
#include "blob/blob.h"
#include "model/document.h"
#include "model/email.h"

/* So many bytes stand in the mail's own row, and are durable with it; a longer mail is a document
 * with a file of its own. */
enum { RAW_ROW_BYTES_MAX = 64 * 1024 };

/* Sets mail_sha256 and, where it is to be kept, raw or raw_document_id; that document is put behind
 * the others, and its blob is durable. raw lives as long as the spool. */
bool raw_keep(struct spool *mail, struct blobs *blobs, bool is_kept, struct arena *arena,
              struct email *email, struct list *documents, struct error *error);

/* The same for a mail that is its own attachment: it is kept once. */
void raw_is_kept_as(const struct document *document, struct email *email);

/* What it is called as a file: "Angebot 12_2026.eml". */
const char *raw_filename(const char *subject, struct arena *arena);
