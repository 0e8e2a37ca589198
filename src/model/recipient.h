/* recipient.h - what became of an email at each of its recipients, in the words of the server.
 *
 * Kept where a server tells recipient by recipient. An email of which nothing is kept has one fate
 * for all, which its state tells. Who has accepted it is never mailed again. */
#pragma once
#include "model/email.h"
#include "model/outcome.h"

enum recipient_status {
    RECIPIENT_PENDING, /* not reached yet */
    RECIPIENT_ACCEPTED,
    RECIPIENT_REFUSED, /* for good */
    RECIPIENT_DELAYED, /* refused for now: it is tried again */
    RECIPIENT_DELIVERED,
    RECIPIENT_BOUNCED,
    RECIPIENT_UNKNOWN, /* the mail may have been accepted for it */
    RECIPIENT_STATUS_COUNT
};
extern const char *const RECIPIENT_STATUS_NAMES[]; /* NULL-terminated */

enum recipient_role { ROLE_TO, ROLE_CC, ROLE_BCC };
extern const char *const RECIPIENT_ROLE_NAMES[]; /* "to", "cc", "bcc" */

struct recipient {
    const char *email_id;
    const char *address;
    enum recipient_role role;
    enum recipient_status status;
    const char *status_code; /* the enhanced one, such as 5.1.1; or NULL */
    const char *reply;       /* the server's words, its code first; or NULL */
    moment updated_at;
};
extern const struct schema RECIPIENT_SCHEMA; /* its columns */

/* known: of struct recipient, what is kept of the email. */

/* Of struct address: whom the next attempt is to reach, each once. */
struct list recipient_left(const struct email *email, const struct list *known,
                           struct arena *arena);
/* Known, with the news in the place of what was known of the same recipients. */
struct list recipient_merge(const struct list *known, const struct list *news, struct arena *arena);
/* Every recipient in the order to, cc, bcc, then those that are no longer named; where nothing is
 * known of one, as the email's state says. */
struct list recipient_shown(const struct email *email, const struct list *known,
                            struct arena *arena);
/* What is known of that one; NULL: nothing. */
const struct recipient *recipient_find(const struct list *recipients, const char *address);
/* Of the email, by this address, whatever is known: its role. */
enum recipient_role recipient_role_of(const struct email *email, const char *address);

size_t recipient_count(const struct list *recipients, enum recipient_status status);
bool recipient_has_accepted(const struct list *recipients); /* any of them */

/* "of 25 recipients 2: refused; the first is a@example.com: 550 no such user", one sentence for a
 * person; NULL: all that the email names have accepted it. */
const char *recipient_summary(const struct email *email, const struct list *known,
                              struct arena *arena);

/* How an attempt that ended as `kind` says for those that nothing else is known of has ended for
 * the email: it is sent when any recipient has accepted it and none is left, unknown when that is
 * in doubt for any, and goes on while any is left. known has the attempt's news. */
enum outcome_kind recipient_outcome(enum outcome_kind kind, const struct email *email,
                                    const struct list *known, struct arena *arena);
