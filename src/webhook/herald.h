/* herald.h - tells subscribers of events: each webhook of those that it wants, an email's in order,
 * at least once, and again until they are taken or the schedule ends.
 *
 * What has been taken is durable after each turn of a lane; after a crash the events of that turn
 * are told again, with the same ids, and none is passed over. It starts by itself, hears of events
 * by the bell ("commit") and of changed webhooks ("webhooks"); what other processes do it sees
 * within seconds. */
#pragma once
#include <stdbool.h>

#include "base/bell.h"
#include "base/secret.h"
#include "db/db.h"
#include "notice/notice.h"
#include "webhook/schedule.h"

struct herald_settings {
    size_t threads; /* lanes that are told at once; an organization has half of them, a webhook a
                       quarter */
    struct schedule schedule;
    struct notice_settings notice;
    struct secret_key key;
};

struct herald;
struct herald *herald_start(const struct herald_settings *settings, struct db *db,
                            struct bell *bell);
/* Breaks off what is under way: it is told again after the next start. NULL is fine. */
void herald_stop(struct herald *herald);
