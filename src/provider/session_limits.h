/* session_limits.h - how many mails the server of each mailbox takes on one connection, as was
 * learned from what it refused.
 *
 * A server that refuses the mail number n + 1 of a connection, and takes one on a fresh connection,
 * takes n. What was learned is forgotten after some hours, for servers are set up anew. Safe from
 * any thread; grows with the mailboxes whose servers have such a limit. */
#pragma once
#include <stdint.h>

struct session_limits;
struct session_limits *session_limits_create(void);
void session_limits_destroy(struct session_limits *limits);

/* 0: not known. */
uint64_t session_limits_find(struct session_limits *limits, const char *account_id);

enum session_news {
    SESSION_REFUSED, /* one more on a connection that had carried `mails` */
    SESSION_BEGAN,   /* the first mail of a connection was taken */
    SESSION_DENIED,  /* the first mail of a connection was refused, too */
};
void session_limits_note(struct session_limits *limits, const char *account_id,
                         enum session_news news, uint64_t mails);
