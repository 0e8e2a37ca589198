/* work.h - hands whole requests to workers, and back to their connections. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

struct work;
struct http_exchange;

struct work *work_create(size_t workers, size_t large_workers);
void work_destroy(struct work *work); /* after work_close; NULL is fine */

/* On the network thread, of an exchange that has no reply yet. It comes back by loop_give_back,
 * with a reply, or without one: then nobody is to be answered any more. False when the work is
 * closed. */
bool work_give(struct work *work, struct http_exchange *exchange);
/* Runs an exchange that was parked. */
void work_resume(struct work *work, struct http_exchange *exchange);

/* Takes no more, and waits until everything given is back with its connection. */
void work_close(struct work *work);
size_t work_waiting(struct work *work); /* for a worker */
