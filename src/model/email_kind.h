/* email_kind.h - who, or what, wrote a mail that came in. */
#pragma once

enum email_kind {
    EMAIL_KIND_MAIL,       /* a person, as far as is known */
    EMAIL_KIND_AUTO_REPLY, /* a program, on its own (RFC 3834): out of office, `we got your mail` */
    EMAIL_KIND_REPORT,     /* a mail server or program about another mail: a bounce, a receipt */
    EMAIL_KIND_CALENDAR,   /* a calendar asks, answers or cancels (RFC 5546) */
};
extern const char *const EMAIL_KIND_NAMES[]; /* NULL-terminated */
