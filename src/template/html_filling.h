/* html_filling.h - puts values into HTML so that they are text wherever they stand, and never
 * markup, a script, or an address that runs one. */
#pragma once
#include "base/buf.h"
#include "html/markup.h"

/* Whether the attribute at hand, as far as it has come, is an address that runs something. Other
 * characters than those of a scheme do not count, and are dropped by browsers as well. */
enum address_kind { ADDRESS_OPEN, ADDRESS_HARMLESS, ADDRESS_ACTIVE };

struct html_filling {
    struct buf out;
    struct markup markup;
    size_t value_start; /* of the attribute at hand, in out */
    bool has_filled;    /* a value stands in that attribute */
    enum address_kind address;
    char scheme[16];
    size_t scheme_size;
};

#define HTML_FILLING(arena, limit) ((struct html_filling){.out = BUF(arena, limit)})

/* The template's own text, character by character, as it is. */
void html_filling_add(struct html_filling *filling, char character);

/* Whether a token here is one: not in comments, scripts, style sheets, event handlers and srcdoc,
 * nor in the names of tags and attributes. */
bool html_filling_takes(const struct html_filling *filling);

/* Escaped, quotes too. In what is read, a line break is <br>, but for pre, textarea and title.
 * Where an attribute has no quotes, all but letters and digits is escaped. In a style attribute
 * only what names sizes, colours and fonts is put in (html/style.h), else nothing. An address
 * (href, src, ...) that becomes javascript:, vbscript: or data: by a value gets "unsafe:" in front,
 * which no browser follows; so does one whose scheme is spelled with a character reference. */
void html_filling_put(struct html_filling *filling, const char *value);

/* Ends what is open. Returns the text; ERROR_TOO_LARGE as buf_text. */
char *html_filling_text(struct html_filling *filling, struct error *error);
