/* currency.h - the currencies of ISO 4217: how many decimals each has, and its sign. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

struct currency {
    char code[4];
    const char *symbol;    /* where it is told from others everywhere ("€", "US$"); else NULL */
    unsigned minor_digits; /* 2 for EUR, 0 for JPY, 3 for KWD */
};

/* code: three capital letters, which need no NUL behind them. False for what is no currency. */
bool currency_find(const char *code, struct currency *ret_currency);
