/* email_store.h - emails in the database, and the one door through which an email changes state.
 *
 * Functions that change take the session of a db_write. Each change of state writes its event
 * in the same transaction. */
#pragma once
#include "db/db.h"
#include "model/email.h"
#include "model/identity.h"

/* Why and on whose behalf an email takes a step. */
struct step {
    enum email_event event;
    moment at;
    const char *actor;      /* a user's id, or "system" */
    const char *token_id;   /* what the user came with, or NULL */
    const char *reason;     /* for the event; NULL: none */
    const char *detail;     /* JSON object, or NULL */
    const char *request_id; /* of the request by which it happens, or NULL */
    bool names_user; /* the token may act for other users: detail says for which one it did */
};

/* A new record: EVENT_CREATED makes a draft, EVENT_SEND a queued mail, EVENT_RECEIVED one that came
 * in. ERROR_CONFLICT when its user has used its client_id already. Sets state, version and
 * the times. */
bool email_store_insert(struct session *session, struct email *email, const struct step *step,
                        struct error *error);

/* Of the bodies, which are not read for it; whoever may see the mail. 0: there is none. */
bool email_store_body_bytes(struct session *session, const char *id, int64_t *ret_bytes,
                            struct error *error);
/* ERROR_NOT_FOUND ("draft") when the viewer may not see it either. */
bool email_store_find(struct session *session, const struct viewer *viewer, const char *id,
                      struct arena *arena, struct email *ret_email, struct error *error);

/* Whether it is the user's, whatever a token may see. */
bool email_store_is_own(struct session *session, const char *user_id, const char *id,
                        bool *ret_is_own, struct error *error);

/* Saves what a draft says; its version grows. ERROR_CONFLICT when it has changed meanwhile. */
bool email_store_change(struct session *session, struct email *email, moment now,
                        struct error *error);

/* Takes the step: state becomes what the table says, and all members that tell where an email is
 * in its life (not who sends it: email_store_identify) are saved as they are in *email.
 * ERROR_CONFLICT when the state, in memory or meanwhile in the database, does not allow it, when
 * another claim is newer, or when it was erased. */
bool email_store_move(struct session *session, struct email *email, const struct step *step,
                      struct error *error);

/* Keeps a queued mail until a person retries or cancels it; step->reason says why. */
bool email_store_hold(struct session *session, struct email *email, const struct step *step,
                      struct error *error);

/* Takes a draft's plan away, whose time went by; its version grows. step: EVENT_MISSED. */
bool email_store_unplan(struct session *session, struct email *email, const struct step *step,
                        struct error *error);

/* Saves who asked for it, and who has agreed to what. */
bool email_store_approval(struct session *session, const struct email *email, struct error *error);

/* Saves who sends it and as what: mailbox, sender, conversation, Message-ID and Date. */
bool email_store_identify(struct session *session, const struct email *email, struct error *error);

/* Saves the signature that leaves behind its bodies. */
bool email_store_sign(struct session *session, struct email *email, struct error *error);

/* Saves what its provider keeps of it, of mail that is not being sent. */
bool email_store_handle(struct session *session, const struct email *email, struct error *error);

/* ret_id NULL: the user has none with that client_id. */
bool email_store_find_client_id(struct session *session, const char *user_id, const char *client_id,
                                struct arena *arena, const char **ret_id, struct error *error);

/* Throws a draft, or what has failed, away, for good; the event stays. Whoever calls sees to what
 * else tells of it (erasure_remove). */
bool email_store_remove(struct session *session, const struct email *email, const struct step *step,
                        struct error *error);

/* An event that moves nothing. */
bool email_store_tell(struct session *session, const struct email *email, const struct step *step,
                      struct error *error);

/* Takes away what an email said, to whom, and what its events quote of that; the record, its
 * states, times, ids and the trail stay. ERROR_CONFLICT while it is not at an end. Whoever
 * calls sees to what else tells of it (erasure.h). step: EVENT_ERASED. */
bool email_store_erase(struct session *session, struct email *email, const struct step *step,
                       struct error *error);
