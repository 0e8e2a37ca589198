/* amount.h - numbers and sums of money as decimal text: read, and written as a locale does.
 *
 * Digits stay as they are given; nothing is ever rounded, for nothing is ever computed. */
#pragma once
#include "base/buf.h"
#include "template/currency.h"
#include "template/locale.h"

struct decimal {
    bool is_negative;
    const char *whole, *fraction; /* digits, in the text that was read */
    size_t whole_size, fraction_size;
};

/* A JSON number without exponent that ends with the text, or before a space. Where it ends, or NULL
 * for what is none. */
const char *decimal_read(const char *text, struct decimal *ret_decimal);

/* "1234.50 EUR" or "EUR 1234.50". False for what is neither. */
bool money_read(const char *text, struct decimal *ret_decimal, struct currency *ret_currency);

/* A whole number is written as it is: as often as not it is the number of an invoice, an order or
 * a year. One with decimals is an amount, and its digits are grouped. */
void decimal_add(struct buf *buf, const struct decimal *decimal, const struct locale *locale);

/* Grouped, with at least the decimals that the currency has. */
void money_add(struct buf *buf, const struct decimal *decimal, const struct currency *currency,
               const struct locale *locale);
