/* notice_body.h - what a subscriber is told of an event, as JSON: ids, states and what the mail
 * server said; never what a mail says. Less than 20 kB. */
#pragma once
#include "model/event.h"

/* {"type", "timestamp", "data": {...}}. A detail that is too long is left out, and
 * "detail_is_left_out" says so. */
const char *notice_body(const struct event *event, struct arena *arena);
/* Of type "webhook.test". */
const char *notice_test_body(const char *webhook_id, moment now, struct arena *arena);

/* The same for the same event, each time that this subscriber is told of it, and another for every
 * other event: after a restore, numbers that he has heard of come again with other events, which
 * have other hashes. */
const char *notice_id(const char *webhook_id, const struct event *event, struct arena *arena);
