/* event_store.h - the trail of what has happened to every mail: written once, in the transaction of
 * what it tells of, and chained by hash (model/event.h). */
#pragma once
#include "db/db.h"
#include "model/event.h"
#include "model/event_record.h"
#include "model/identity.h"

/* Gives the event the organization's next number, its hashes, and a salt where it needs one. */
bool event_store_append(struct session *session, struct event *event, struct error *error);
/* The same, of what is perhaps no mail's. Sets its number. */
bool event_store_append_record(struct session *session, struct event_record *record,
                               struct error *error);

/* Takes reason, detail and salt from all events of an email. Their chain holds. */
bool event_store_erase(struct session *session, const char *email_id, struct error *error);

/* Of one email, oldest first. */
bool event_store_list(struct session *session, const char *email_id, size_t limit,
                      struct arena *arena, struct list *ret_events, struct error *error);

/* Of an organization, with a number above that one, in order and without a gap. */
bool event_store_list_after(struct session *session, const char *organization_id, int64_t number,
                            size_t limit, struct arena *arena, struct list *ret_events,
                            struct error *error);

/* What is asked for of these. Administration is only for those who administer. */
struct event_kinds {
    bool mail, administration;
};
enum { EVENT_LIST_BYTES = 1024 * 1024 }; /* a list is not much longer, whatever limit says */
/* Of these, up to `until`, what a viewer may know of; ret_is_cut: there may be more, see
 * EVENT_LIST_BYTES. Where seen_by is set, of mail only the events
 * of the viewer's own, and what the viewer did to it. */
bool event_store_list_of_viewer(struct session *session, const struct viewer *viewer,
                                struct event_kinds kinds, int64_t number, int64_t until,
                                size_t limit, struct arena *arena, struct list *ret_events,
                                bool *ret_is_cut, struct error *error);
/* All of administration with a number above that one, however much mail there is between. */
bool event_store_list_of_administration(struct session *session, const char *organization_id,
                                        int64_t number, size_t limit, struct arena *arena,
                                        struct list *ret_events, bool *ret_is_cut,
                                        struct error *error);

/* By whom an event may be heard who does not see all. */
#define HEARD_BY_ADMINISTRATORS "administration" /* as actor: by those who see that */
struct hearers {
    int64_t number;
    const char *actor;   /* "system", or a user */
    const char *user_id; /* whose mail it is of; NULL when that is gone */
};
/* Of struct hearers, of the events with a number above that one, in order. */
bool event_store_hearers(struct session *session, const char *organization_id, int64_t number,
                         size_t limit, struct arena *arena, struct list *ret_hearers,
                         struct error *error);

/* Where an organization's trail ends. hash is NULL while nothing is chained. */
struct chain_end {
    int64_t number;
    const char *hash;
};
bool event_store_end(struct session *session, const char *organization_id, struct arena *arena,
                     struct chain_end *ret_end, struct error *error);
