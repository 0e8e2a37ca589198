/* quoted.h - where in a body, whatever program wrote it, the quoted mail stands. */
#pragma once
#include <stddef.h>

#include "base/arena.h"

struct quoted {
    size_t start;    /* of the first quote; without one, the end of what is written */
    const char *own; /* what is outside of all quotes */
};

/* The quotes of this server, Gmail, Apple Mail, Thunderbird, Outlook, Yahoo and Proton, with their
 * line of who wrote. What Outlook quotes goes to the end. No quote: before </body>. */
struct quoted quoted_in_html(const char *html, struct arena *arena);

/* A forwarded or original message with its heading, to the end; or a line that says who wrote, and
 * the lines with `>` below it; or such lines at the end. */
struct quoted quoted_in_text(const char *text, struct arena *arena);
