/* slots.h - which mails are under way: at most so many in all. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/id.h"
#include "base/schema.h"

struct slots;

struct slots *slots_create(size_t most);
void slots_destroy(struct slots *slots);

struct slot {
    char organization_id[ID_SIZE + 1], account_id[ID_SIZE + 1];
    char email_id[ID_SIZE + 1]; /* "": free */
};

/* There must be a free one. */
void slots_take(struct slots *slots, const char *organization_id, const char *account_id,
                const char *email_id);
void slots_give_back(struct slots *slots, const char *email_id);
bool slots_has(struct slots *slots, const char *email_id);
size_t slots_used(struct slots *slots);
/* Those that are taken now, as they are: of struct slot. */
struct list slots_list(struct slots *slots, struct arena *arena);

/* Waits until none is used; false when that takes longer. */
bool slots_wait_empty(struct slots *slots, int64_t timeout_ms);
