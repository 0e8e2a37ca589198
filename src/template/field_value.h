/* field_value.h - the values that tokens of a template take: their types, and how people write
 * them in their language and country.
 *
 * Nothing here depends on the process's locale, and no money is ever a floating point number. */
#pragma once
#include <stdbool.h>

#include "base/arena.h"

enum field_type {
    FIELD_TYPE_TEXT,
    FIELD_TYPE_NUMBER,   /* "-12.5": of JSON, without exponent */
    FIELD_TYPE_BOOLEAN,  /* "true", "false" */
    FIELD_TYPE_CURRENCY, /* "1234.50 EUR" or "EUR 1234.50": decimal text and a code of ISO 4217 */
    FIELD_TYPE_DATE,     /* "2026-05-20" */
    FIELD_TYPE_DATETIME, /* RFC 3339 with an offset */
};
extern const char *const FIELD_TYPE_NAMES[]; /* "text", ...; ends with NULL */

struct field_value {
    const char *token; /* what stands between the braces */
    const char *label; /* for people; NULL: field_value_label makes one */
    enum field_type type;
    const char *text; /* in the form of its type; NULL: it has no value */
};

/* Of a plain text, by its form: date, datetime, currency, number, else text. Who knows that it was
 * text where it came from takes its word rather than FIELD_TYPE_NUMBER: a text of digits is a
 * telephone's or a customer's number. */
enum field_type field_value_guess(const char *text);

/* What a token of this name most probably holds: "due_date" a date, "total" money, ... */
enum field_type field_value_type_of_name(const char *token);

/* "invoice_number" -> "Invoice number". */
const char *field_value_label(const char *token, struct arena *arena);

/* Something to look at, in the form of the type; a text fits the token's name where that says
 * what it is ("first_name"), and is its label elsewhere. */
const char *field_value_sample(const char *token, enum field_type type, struct arena *arena);

/* The value as people of the locale ("de", "en-GB", "pt_BR"; NULL or not known: "en") write it: the
 * long form of a date, a time with its offset from UTC, money with its sign or code, a number as
 * amount.h says, yes or no. What does not have the form of its type stays as it is. NULL: "". */
const char *field_value_format(const struct field_value *value, const char *locale,
                               struct arena *arena);
