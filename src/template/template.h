/* template.h - fills the tokens of a subject or a body with values.
 *
 * A token is `{name}`; template/template_token.h has the rule. `{{name}}` is the same: who comes
 * from a system that writes it so gets his value, and not a value in braces. Each token of the
 * template is replaced once: braces in a value are text like any other.
 *
 * Whatever the values are, a subject stays one line, and HTML keeps the structure that its author
 * gave it (template/html_filling.h says how). */
#pragma once
#include "base/error.h"
#include "base/schema.h"
#include "template/field_value.h"

enum template_form {
    TEMPLATE_SUBJECT, /* what would break a line, and other controls, becomes a space */
    TEMPLATE_TEXT,
    TEMPLATE_HTML,
};

enum {
    TEMPLATE_BYTES_MAX = 10 * 1024 * 1024,
    TEMPLATE_ADDED_BYTES_MAX = 1024 * 1024, /* a small request must not become a large mail */
};

/* values: of struct field_value; of two with the same token the first. locale: as of
 * field_value_format. A token that has no value stays as it is; ret_unknown: of const char *, the
 * names of these, and what is nearly a token as it is written ("{ name }"), each once, in their
 * order, at most DICTIONARY_UNKNOWN_MOST. ERROR_TOO_LARGE when the result would be over
 * TEMPLATE_BYTES_MAX, or longer than text by more than TEMPLATE_ADDED_BYTES_MAX; there is no other
 * failure. Takes time in proportion to what goes in and comes out. */
bool template_fill(const char *text, enum template_form form, const struct list *values,
                   const char *locale, struct arena *arena, const char **ret_text,
                   struct list *ret_unknown, struct error *error);
