/* embedded.h - which attachments a body of HTML shows by `cid:` (RFC 2392). */
#pragma once
#include "model/email.h"

/* The attachments as the HTML may name them (of struct html_file, html/html.h). A picture without a
 * Content-ID gets one, so that it can be shown; `locations` are those of the attachments, each or
 * NULL. */
struct list embedded_files(struct list *attachments, const char *const *locations,
                           struct arena *arena);

/* Sets is_inline of each attachment to whether the HTML, as html_sanitize writes it, shows it. What
 * senders claim is not asked: an inline part that nothing shows would be seen by nobody, and one
 * that is shown need not be listed. NULL shows nothing. An id that embedded_files gave goes where
 * nothing shows it. */
void embedded_mark(const char *html, struct list *attachments, struct arena *arena);
