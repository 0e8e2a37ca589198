/* quote.h - a mail as an answer repeats it: below the line that says whose it was, as HTML and as
 * text.
 *
 * The HTML is somebody else's, so it is sanitized (html/html.h), whatever its record says. Each
 * form has at most QUOTE_BYTES_MAX; what is cut off has a note in its place. A mail that has only
 * one form is quoted in both; HTML that cannot be read is quoted as text. ERROR_UNAVAILABLE, and no
 * other failure, when there is nothing to read it with just now. */
#pragma once
#include "base/error.h"
#include "message/manner.h"
#include "model/email.h"

enum { QUOTE_BYTES_MAX = 5 * 1024 * 1024 }; /* half of what a body may have */

/* What a quote begins with, so that a signature can be put before it. */
#define QUOTE_CLASS "outtray_quote"
#define QUOTE_ATTRIBUTION_CLASS "outtray_attribution"
#define QUOTE_FORWARD_DASHES "----------" /* on both sides of what manner_words says */

struct quote {
    const char *html, *text;
};

/* "On 20 May 2026 at 14:00 UTC, Name <a@b> wrote:" in the manner of the mailbox, and the mail as a
 * quotation. */
bool quote_reply(const struct email *parent, const struct manner *manner, struct arena *arena,
                 struct quote *ret_quote, struct error *error);

/* From, Date, Subject, To and Cc, never Bcc, and the mail as it was. */
bool quote_forward(const struct email *parent, const struct manner *manner, struct arena *arena,
                   struct quote *ret_quote, struct error *error);
