/* house.h - a database with the product's own tables, and people who live in it: for the tests of
 * what stands on the store. */
#pragma once
#include "blob/blob.h"
#include "model/email.h"
#include "model/identity.h"
#include "store/account_store.h"
#include "store/email_store.h"
#include "store/event_store.h"

struct house {
    char folder[64];
    struct arena *arena;
    struct db *db;
    struct blobs *blobs;
    struct organization organization, other_organization;
    struct user ann, bob;   /* of the organization */
    struct user eve;        /* of the other one */
    struct account account; /* Ann's sandbox mailbox, ann@example.com */
    struct session *reading;
};

enum { NOON = 1000000 }; /* when the house is built, in ms */

/* For cmocka: *state becomes the house. */
int house_start(void **state);
int house_stop(void **state);

/* A session for the test's own thread. It is the house's, so that a test that fails leaves nothing
 * lent out, and its failure is told instead of that. */
struct session *house_reading(struct house *house);

struct viewer house_viewer(const struct user *user); /* sees his own */

/* Another mailbox; not returned before it is there. */
struct account house_account(struct house *house, const struct user *user, const char *address,
                             enum provider_kind provider);

/* A mail of the account's user to bob@example.org: ready to be inserted, and so with a body. */
struct email house_email(struct house *house, const struct account *account);
/* And inserted: a draft, or queued at `at` through submission_queue. */
struct email house_draft(struct house *house, const struct account *account);
struct email house_queued(struct house *house, const struct account *account, int64_t at_ms);

/* Inserted by EVENT_CREATED or EVENT_SEND, as it is. */
void house_keep(struct house *house, struct email *email, enum email_event event, int64_t at_ms);
/* Queued through submission_queue; a new email when it has no version. */
void house_submit(struct house *house, struct email *email, const struct account *account,
                  int64_t at_ms);
/* What came into the mailbox, taken in at `at`; whether it is new. The email is as it is kept. */
bool house_receive(struct house *house, struct email *email, const struct account *account,
                   int64_t at_ms);

/* One step in a transaction of its own. */
bool house_move(struct house *house, struct email *email, enum email_event event,
                struct error *error);
/* How it is in the database now. */
struct email house_look(struct house *house, const char *email_id);
/* "event from>to, event from>to, ...": each step, in order. */
const char *house_history(struct house *house, const char *email_id);
