/* account_trouble.h - what a mail server's refusal has against the account rather than against the
 * mail: all mail of the mailbox would be refused so, until somebody mends it or it passes. */
#pragma once
#include <stdint.h>

#include "net/smtp.h"

struct account_trouble {
    int64_t pause_ms;   /* before one mail tries again, the first time; 0: the caller knows */
    const char *remedy; /* what is to be done about it */
};

/* text: of the reply, the enhanced status code in it included. NULL: nothing that is known. */
const struct account_trouble *account_trouble_find(enum smtp_phase phase, int64_t code,
                                                   const char *text);
