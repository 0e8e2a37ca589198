/* turns.h - the mailboxes that have mail waiting, and whose turn it is; inside this room.
 *
 * Places are shared out by organization first: the one with the fewest mails under way is next, and
 * among equals the one whose last turn is the longest ago. Within an organization the same holds of
 * its mailboxes. And nobody takes all there is. Whoever has some places gets one more only
 *   - while what he has is less than seven times what is free, and
 *   - if it is not the last: that one is for whoever has none.
 * So an organization alone gets 7/8 of the places, and k of them that each take all they can get
 * leave 1/(1 + 7k) free, at least one: somebody who comes with a single mail starts at once,
 * however much the others have waiting and however slow their servers are.
 *
 * In memory, and for one thread. Who is in line may have mail that is due; whoever comes to his
 * turn is asked (claiming.h). Each operation costs the same however many wait, except for finding
 * one among n: log n. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

#include "base/moment.h"

struct turns;
struct turns *turns_create(void);
void turns_destroy(struct turns *turns); /* NULL is fine */

/* The mailbox may have mail that is due: it waits at the end of its organization's line, unless it
 * is in it already. */
void turns_join(struct turns *turns, const char *organization_id, const char *account_id);
/* It has none before that time, and joins the line then. */
void turns_sleep(struct turns *turns, const char *organization_id, const char *account_id,
                 moment until);
/* Nothing of it waits. */
void turns_leave(struct turns *turns, const char *account_id);
/* Those whose time has come join the line. Says when the next one will; not set: nobody sleeps. */
moment turns_wake(struct turns *turns, moment now);

struct candidate {
    const char *organization_id, *account_id; /* until it leaves */
    size_t under_way;                         /* of the mailbox */
};

/* A round begins: nothing is under way, and nobody has passed. */
void turns_begin(struct turns *turns);
/* A mail of the mailbox is under way. */
void turns_count(struct turns *turns, const char *organization_id, const char *account_id);
/* Whose turn it is when so many places are free; false: nobody may have one. */
bool turns_next(struct turns *turns, size_t free, struct candidate *ret_candidate);
/* The one whose turn it is takes a place, and goes to the end of the line. */
void turns_take(struct turns *turns, const char *account_id);
/* It can use none in this round, and stays where it is. */
void turns_pass(struct turns *turns, const char *account_id);
