/* outbox_row.h - a mail as one line of the outbox. */
#pragma once
#include "cli/cli.h"
#include "model/email.h"

struct outbox_row {
    moment at; /* when it leaves, left, or last changed */
    const char *id;
    enum email_state state;
    const char *from, *to, *subject, *reason;
};
extern const struct schema OUTBOX_ROW;

struct outbox_row outbox_row_of(const struct email *email, struct arena *arena);
