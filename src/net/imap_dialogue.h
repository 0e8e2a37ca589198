/* imap_dialogue.h - says one command to an IMAP server and hears all responses to it. */
#pragma once
#include "net/imap_sign_in.h"
#include "net/wire.h"

enum { IMAP_RESPONSE_BYTES_MOST = 64 * 1024 };

struct imap {
    struct imap_sign_in sign_in;
    struct wire wire;
    struct arena *arena;
    const char *where; /* of the server, for errors */
    int64_t deadline_ms;
    unsigned commands;
    size_t size;                                 /* of the response that came last */
    char response[IMAP_RESPONSE_BYTES_MOST + 1]; /* without its line end; literals stand in it */
};

/* An untagged response; good until it returns. */
typedef void imap_take(void *context, struct bytes response);

/* command: without tag and line end, and without any line break. False: it was not answered with
 * OK, or not at all. */
bool imap_dialogue_run(struct imap *imap, const char *command, imap_take *take, void *context,
                       struct error *error);
