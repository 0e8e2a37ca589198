#include "template/amount.h"

#include <string.h>

#include "base/text.h"

static const char DIGITS[] = "0123456789";
static const char NBSP[] = "\u00A0";

enum { CODE_SIZE = 3, GROUP_SIZE = 3 };

const char *decimal_read(const char *text, struct decimal *ret_decimal)
{
    struct decimal decimal = {.is_negative = *text == '-', .whole = text + (*text == '-')};
    decimal.whole_size = strspn(decimal.whole, DIGITS);
    const char *end = decimal.whole + decimal.whole_size;
    if (!decimal.whole_size || (*decimal.whole == '0' && decimal.whole_size > 1))
        return NULL;
    decimal.fraction = end;
    if (*end == '.') {
        decimal.fraction = end + 1;
        decimal.fraction_size = strspn(decimal.fraction, DIGITS);
        if (!decimal.fraction_size)
            return NULL;
        end = decimal.fraction + decimal.fraction_size;
    }
    if (*end && *end != ' ')
        return NULL;
    *ret_decimal = decimal;
    return end;
}

bool money_read(const char *text, struct decimal *ret_decimal, struct currency *ret_currency)
{
    if (currency_find(text, ret_currency) && text[CODE_SIZE] == ' ') {
        const char *end = decimal_read(text + CODE_SIZE + 1, ret_decimal);
        return end && !*end;
    }
    const char *end = decimal_read(text, ret_decimal);
    return end && *end == ' ' && currency_find(end + 1, ret_currency) && !end[1 + CODE_SIZE];
}

static void add_grouped(struct buf *buf, const char *digits, size_t size, const char *group)
{
    size_t first = size % GROUP_SIZE ? size % GROUP_SIZE : GROUP_SIZE;
    buf_add_bytes(buf, digits, first);
    for (size_t at = first; at < size && !buf->is_over; at += GROUP_SIZE) {
        buf_add(buf, group);
        buf_add_bytes(buf, digits + at, GROUP_SIZE);
    }
}

static void add_digits(struct buf *buf, const struct decimal *decimal, const struct locale *locale,
                       const char *group, unsigned least_decimals)
{
    if (decimal->whole_size < locale->group_from)
        buf_add_bytes(buf, decimal->whole, decimal->whole_size);
    else
        add_grouped(buf, decimal->whole, decimal->whole_size, group);
    if (decimal->fraction_size || least_decimals)
        buf_add(buf, locale->decimal);
    buf_add_bytes(buf, decimal->fraction, decimal->fraction_size);
    for (size_t count = decimal->fraction_size; count < least_decimals; count++)
        buf_add_char(buf, '0');
}

void decimal_add(struct buf *buf, const struct decimal *decimal, const struct locale *locale)
{
    if (decimal->is_negative)
        buf_add_char(buf, '-');
    if (decimal->fraction_size)
        add_digits(buf, decimal, locale, locale->group, 0);
    else
        buf_add_bytes(buf, decimal->whole, decimal->whole_size);
}

/* A code in front of the amount keeps its distance; a sign does not. */
static void add_currency(struct buf *buf, const struct currency *currency,
                         const struct locale *locale, char next)
{
    bool is_home = text_equal(locale->currency, currency->code);
    const char *symbol = is_home ? locale->currency_symbol : currency->symbol;
    buf_add(buf, text_or(symbol, currency->code));
    if (!symbol && next == 'N')
        buf_add(buf, NBSP);
}

void money_add(struct buf *buf, const struct decimal *decimal, const struct currency *currency,
               const struct locale *locale)
{
    const char *group = text_or(locale->money_group, locale->group);
    for (const char *at = locale->money; *at; at++) {
        if (*at == 'C')
            add_currency(buf, currency, locale, at[1]);
        else if (*at == 'N')
            add_digits(buf, decimal, locale, group, currency->minor_digits);
        else if (*at != '-' || decimal->is_negative)
            buf_add_char(buf, *at);
    }
}
