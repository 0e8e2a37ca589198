/* audit_store.h - the trails of all organizations, row by row, to be checked and given away. */
#pragma once
#include "db/db.h"
#include "model/email_trail.h"
#include "model/event_record.h"

struct audited_chain { /* what is kept of the end of an organization's trail */
    const char *organization_id;
    const char *organization; /* its name, or NULL */
    int64_t end_number;       /* 0 and NULL: nothing */
    const char *end_hash;
};
/* wanted: an id or a name; NULL: every organization that has a trail or could have one. */
bool audit_store_list_chains(struct session *session, const char *wanted, struct arena *arena,
                             struct list *ret_chains, struct error *error);

/* struct event_record, with a number above that one, in order. */
bool audit_store_list_events(struct session *session, const char *organization_id, int64_t number,
                             size_t limit, struct arena *arena, struct list *ret_records,
                             struct error *error);

/* Email by email, each one's events in order. */
struct audited_step {
    struct event_record event;
    struct email_record email; /* as it is now */
};
/* Behind that email's event with that position ("" and 0: from the start); organization_id NULL:
 * of all. */
bool audit_store_list_steps(struct session *session, const char *organization_id,
                            const char *email_id, int64_t position, size_t limit,
                            struct arena *arena, struct list *ret_steps, struct error *error);

/* struct event_record with ids alone: emails that no event tells of. */
bool audit_store_list_untold(struct session *session, const char *organization_id, size_t limit,
                             struct arena *arena, struct list *ret_records, struct error *error);
