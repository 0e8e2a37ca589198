/* slots.h - which mails are under way: at most so many in all, and so many of one mailbox. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct slots;

struct slots *slots_create(size_t most);
void slots_destroy(struct slots *slots);

/* How many more mails of the account may start now, when it may have so many at once. */
size_t slots_free(struct slots *slots, const char *account_id, size_t per_mailbox);
void slots_take(struct slots *slots, const char *account_id, const char *email_id);
void slots_give_back(struct slots *slots, const char *email_id);
bool slots_has(struct slots *slots, const char *email_id);
size_t slots_used(struct slots *slots);

/* Waits until none is used; false when that takes longer. */
bool slots_wait_empty(struct slots *slots, int64_t timeout_ms);
