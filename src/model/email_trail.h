/* email_trail.h - goes along the events of one email and says where they cannot be true: steps that
 * the table of states does not have, or an end at which the email is not. */
#pragma once
#include "model/email_state.h"
#include "model/event_record.h"

struct email_trail { /* {0}: nothing is known yet */
    enum email_state state;
    bool is_begun; /* state is where the last event left it */
    bool is_erased, is_deleted;
    int64_t emptied; /* of the first event whose content is gone; 0: none */
};

/* The next event of the email. What is wrong, in one sentence, or NULL. may_have_begun: it has
 * perhaps events before those that are looked at. */
const char *email_trail_add(struct email_trail *trail, const struct event_record *record,
                            bool may_have_begun, struct arena *arena);

/* There are no more. */
const char *email_trail_end(const struct email_trail *trail, struct arena *arena);

/* Whether the email itself, its columns as text, is as its last event says; id NULL: it is gone. */
struct email_record {
    const char *id, *state, *mail_sha256;
    int64_t erased_at;
};
const char *email_trail_check(const struct email_trail *trail, const struct event_record *last,
                              const struct email_record *email, struct arena *arena);
