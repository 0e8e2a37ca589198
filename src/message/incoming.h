/* incoming.h - reads mail that somebody else wrote into a record.
 *
 * Whatever the mail is, the record is clean: UTF-8, headers of one line, ids that can be sent
 * again, and HTML that harms nobody who looks at it. Memory stays bounded: attachments pass
 * through it in pieces. */
#pragma once
#include "base/spool.h"
#include "blob/blob.h"
#include "model/document.h"
#include "model/email.h"

enum {
    INCOMING_RECIPIENTS_MAX = 2000, /* all together; those beyond are left out */
    INCOMING_SUBJECT_BYTES_MAX = 4000,
    INCOMING_NAME_BYTES_MAX = 500, /* of a person */
};

/* Reads a message/rfc822 into what a store needs (store/reception.h): sender (NULL when the mail
 * does not say), recipients, subject, bodies, ids, Date, attachments; mail_sha256 is of the raw
 * bytes, which are kept as well where keeps_raw (message/raw.h). ret_documents (of struct document)
 * are the attachments' own, in their order, and what was kept so; the caller adds whose they are.
 * Their blobs are durable; on failure those already there stay, for nobody.
 *
 * body_html is sanitized (html/html.h); remote images are gone, those of the mail are shown by
 * cid:. HTML that is too large for that becomes an attachment, message.html. Where text
 * and HTML were to be read one after the other, both bodies hold both. body_text is NULL when there
 * is HTML alone, and "" when there is nothing. Bodies over MIME_BODY_BYTES_MAX are cut.
 *
 * A mail that ends the process that reads it, twice, is kept as it came: nothing is known of it, it
 * is its own attachment, message.eml, and `reason` and body_text say so. Where that is its HTML
 * alone, the HTML becomes an attachment, and `reason` says so.
 *
 * ERROR_UNAVAILABLE when there was nothing to read it with. ERROR_INVALID when it is no message,
 * ERROR_TOO_LARGE when its header is (mime/parse.h). */
bool incoming_read(struct spool *raw, struct blobs *blobs, bool keeps_raw, struct arena *arena,
                   struct email *ret_email, struct list *ret_documents, struct error *error);
