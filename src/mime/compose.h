/* compose.h - writes a complete message (RFC 5322, MIME) from its parts.
 *
 * The same struct gives the same bytes, always: boundaries are derived from message_id.
 * Structure: mixed(related(alternative(text, html, invitation), inline), attachments), only what
 * is needed. Bodies are 7bit, quoted-printable or base64 in lines of at most 76 characters, so
 * no transport has anything to convert; lines end with CRLF. All is ASCII but for local parts
 * that are not. Attachments pass through in pieces, however large. */
#pragma once
#include "base/address.h"
#include "base/arena.h"
#include "base/error.h"
#include "base/spool.h"

struct mime_attachment {
    const char *filename;     /* NULL: none */
    const char *content_type; /* as media_type_read takes it; NULL: what the name says, or
                                 application/octet-stream. A message/rfc822 that is not ASCII is
                                 the latter, since it may not be encoded */
    const char *content_id;   /* without <>; for cid: in the HTML; NULL: none */
    bool is_inline;           /* shown in the HTML, not listed */
    int file;                 /* content, read from the start with pread; stays the caller's */
    const char *location;     /* of one that is read: its Content-Location, or what stands for a
                                 Content-ID and is none; NULL: none */
};

struct mime_header {
    const char *name, *value; /* value: ASCII without line breaks */
};

enum mime_order {
    MIME_ALTERNATIVES, /* text and html say the same, or one of them is NULL */
    MIME_TEXT_FIRST,   /* both are to be read, one after the other */
    MIME_HTML_FIRST,
};

struct mime_mail {
    struct address from;
    struct list to, cc, bcc; /* of struct address */
    struct list reply_to; /* likewise: who wants the answer instead of from; of a message that was
                             read by several authors and says nothing, all of them */
    const char *subject;  /* NULL: no such header */
    const char *text, *html; /* at least one; html alone: the caller makes the text (html/) */
    const char *message_id;  /* with <>; required */
    const char *in_reply_to; /* with <>, or NULL; of a message that was read, several ids perhaps */
    const char *references;  /* ids with <>, separated by spaces, oldest first; or NULL */
    /* Of a message that was read alone: the address a list takes posts at, whether a program wrote
     * it on its own, and whether it is a report about another mail, whose ids, if it says any, are
     * reported; as references has them. */
    const char *list_post;
    bool is_automatic, is_report;
    const char *reported;
    moment date;             /* required; written as +0000 */
    struct list headers;     /* of struct mime_header; after the standard ones */
    struct list attachments; /* of struct mime_attachment */
    enum mime_order order;   /* of a message that was read; composing takes them as alternatives */
};

/* with_bcc: whether the Bcc header is written (Gmail and Graph want it; SMTP must not). With no
 * to and cc, `To: undisclosed-recipients:;`. CR, LF or NUL in anything that becomes a header is
 * ERROR_INVALID with the field's name. */
bool mime_compose(const struct mime_mail *mail, bool with_bcc, struct spool *out,
                  struct error *error);
