/* park.h - requests that wait for something slow, each until it is woken or its time is up.
 *
 * A parked thing has a number, never used again, so that a wake that comes too late finds
 * nothing. Thousands wait at the cost of one thread. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct parking;

/* What to do with a thing whose waiting is over; called without a lock, on the thread that
 * woke it or on the parking's own. */
typedef void parking_ready(void *thing);

struct parking *parking_create(size_t places, parking_ready *ready);
void parking_destroy(struct parking *parking); /* nothing may be parked; NULL is fine */

/* Gives the thing a number, by which it can be woken. It waits only once it is settled. */
uint64_t parking_add(struct parking *parking, void *thing, int64_t timeout_ms);
/* True: it waits now, and another thread may have it already. False: it was woken meanwhile,
 * the number is forgotten and the thing is still the caller's. */
bool parking_settle(struct parking *parking, uint64_t number);
void parking_forget(struct parking *parking, uint64_t number); /* of one not settled */
void parking_wake(struct parking *parking, uint64_t number);

/* Wakes all that wait; whoever parks from now on waits only a moment. */
void parking_hurry(struct parking *parking);
size_t parking_count(struct parking *parking); /* that wait now */
