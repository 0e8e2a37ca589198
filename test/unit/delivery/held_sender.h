/* held_sender.h - stands in for delivery/sender.c: keeps each turn that it is given until the test
 * lets it go. */
#pragma once
#include "delivery/sender.h"

enum { HELD_MOST = 64, HELD_TIMEOUT_MS = 30 * 1000 };

/* How many turns have been begun; waits until there are `count`, and fails when that takes long. */
void held_wait(size_t count);
/* In the order in which they were begun. */
const char *held_email(size_t number);
/* Ends the turn as if its mail were sent. */
void held_end(size_t number);
void held_forget_all(void); /* before a test */
