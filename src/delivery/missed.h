/* missed.h - plans whose time came while nobody was there to see it: the server did not run, the
 * machine slept, or its clock was set forward; inside this room. */
#pragma once
#include "delivery/sender.h"

/* Before anything is claimed: what came due since then follows its if_missed. `now` is what the
 * clock says; what is a minute late at most has not been missed. */
bool missed_run(struct delivery *delivery, moment since, moment now, struct error *error);

/* At the start: since a server was last seen running. */
bool missed_at_start(struct delivery *delivery, struct error *error);
/* The server runs, and has seen what was due by then. What cannot be noted is logged. */
void missed_note_seen(struct delivery *delivery, moment at);
