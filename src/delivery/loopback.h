/* loopback.h - sandbox mailboxes of one organization deliver to each other; inside this room.
 *
 * What one sends becomes received mail of the other in the transaction that records the outcome:
 * neither is ever there without the other. */
#pragma once
#include "delivery/sender.h"

/* Finds and reads what turn's mail, which its provider has just taken, means to other sandboxes:
 * ret_copies, nothing for a mailbox that is no sandbox, nor when it fails. */
bool loopback_prepare(const struct turn *turn, struct list *ret_copies, struct error *error);
bool loopback_store(struct session *session, const struct list *copies, moment now,
                    struct arena *arena, struct error *error);
