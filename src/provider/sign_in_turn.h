/* sign_in_turn.h - one sign-in at a time to a mailbox's server, and none with a password that it
 * has just refused; inside this room.
 *
 * A wrong password is tried once, however many mails leave at the same time: servers lock out
 * whoever comes with it a few times. Who waits goes on as soon as the one before is done; a
 * refusal is theirs as well. It is remembered for the moment that it takes until the mailbox is
 * held in the database (store/holding.h), which outlives the process. From any thread. */
#pragma once
#include "model/account.h"
#include "net/smtp.h"

struct sign_in_turns;
struct sign_in_turns *sign_in_turns_create(void);
void sign_in_turns_destroy(struct sign_in_turns *turns); /* nobody may be in here any more */

struct sign_in_turn { /* of one mail */
    struct sign_in_turns *turns;
    const struct account *account; /* as it is tried; one that needs a sign-in tries its password */
};
/* For net/smtp.h; `turn` must live as long. */
struct smtp_turn sign_in_turn_of(struct sign_in_turn *turn);
