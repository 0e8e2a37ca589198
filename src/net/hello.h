/* hello.h - what a server offers in its answer to EHLO (RFC 5321 4.1.1.1), keywords in any case. */
#pragma once
#include <stddef.h>
#include <stdint.h>

enum smtp_extension {
    SMTP_HAS_SIZE = 1 << 0,
    SMTP_HAS_8BITMIME = 1 << 1,
    SMTP_HAS_UTF8 = 1 << 2,
    SMTP_HAS_PIPELINING = 1 << 3,
    SMTP_HAS_STARTTLS = 1 << 4,
    SMTP_HAS_AUTH = 1 << 5,
};

struct hello {
    unsigned extensions;      /* enum smtp_extension */
    unsigned mechanisms;      /* of AUTH: bits by enum sasl_mechanism */
    unsigned strangers;       /* mechanisms that we know by name only: bits by HELLO_STRANGERS */
    uint64_t size_most;       /* of a message; 0: no limit is named */
    uint64_t mails_most;      /* of a connection (RFC 9422 MAILMAX); 0: likewise */
    uint64_t recipients_most; /* of a mail (RCPTMAX); 0: likewise */
};

/* Names of mechanisms that are not spoken here, to tell what is offered instead: no word of the
 * server's own. NULL-terminated. */
extern const char *const HELLO_STRANGERS[];

/* A line of the answer after the first: "250-SIZE 1000". Also the old "250-AUTH=LOGIN". */
void hello_add_line(struct hello *hello, const char *line, size_t size);
