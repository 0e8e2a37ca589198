/* embedded.h - which attachments a body of HTML shows by `cid:` (RFC 2392). */
#pragma once
#include "model/email.h"

/* Sets is_inline of each attachment to whether the HTML, as html_sanitize writes it, shows it. What
 * senders claim is not asked: an inline part that nothing shows would be seen by nobody, and one
 * that is shown need not be listed. NULL shows nothing. */
void embedded_mark(const char *html, struct list *attachments, struct arena *arena);
