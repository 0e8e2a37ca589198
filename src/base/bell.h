/* bell.h - tells a thread that something it waits for has happened, and saves it from polling.
 *
 * The database stays the truth: a ring that nobody hears is no loss, because
 * whoever waits also looks by himself now and then. Topics are text: "due" for
 * the dispatcher, an email's id for the requests that wait for its outcome, "commit" for
 * whoever reads the trail of events. */
#pragma once
#include <stdint.h>

struct bell;

struct bell *bell_create(void);
void bell_destroy(struct bell *bell);

/* Called once, on the thread that rings, then forgotten. It must be quick and must not
 * call the bell. */
typedef void bell_listener(void *context, uint64_t number);

void bell_listen(struct bell *bell, const char *topic, bell_listener *listener, void *context,
                 uint64_t number);
/* After it returns, the listener of that number will not be called any more. */
void bell_forget(struct bell *bell, const char *topic, uint64_t number);
void bell_ring(struct bell *bell, const char *topic);

/* Sleeps until the topic rings, or until timeout_ms are over. A ring since `seen` (what the last
 * call returned; 0 at first) counts, so none is missed in between. */
uint64_t bell_wait(struct bell *bell, const char *topic, uint64_t seen, int64_t timeout_ms);
