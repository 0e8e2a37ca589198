/* missed.h - plans whose time came while nobody was there to see it: the server did not run, the
 * machine slept, or its clock was set forward; inside this room. */
#pragma once
#include "delivery/sender.h"

/* Before anything is claimed: each follows its if_missed. `now` is what the clock says; what is a
 * minute late at most has not been missed. */
bool missed_run(struct delivery *delivery, moment now, struct error *error);
