/* pace.h - how many mails a mailbox may begin to send within a minute; inside this room.
 *
 * What counts is remembered in memory for a minute: a server that starts anew begins with a clean
 * slate. From any thread. */
#pragma once
#include <stddef.h>
#include <stdint.h>

struct pace;
struct pace *pace_create(void);
void pace_destroy(struct pace *pace);

/* How many more may begin now, when per_minute may in any minute; 0 = no limit. When none may,
 * ret_next_ms says when the next one may. now_ms: of any clock that does not go back. */
size_t pace_free(struct pace *pace, const char *account_id, int64_t per_minute, int64_t now_ms,
                 int64_t *ret_next_ms);
/* One begins. */
void pace_take(struct pace *pace, const char *account_id, int64_t per_minute, int64_t now_ms);
