/* imap_call.h - one dialogue over IMAP, with a scripted server. */
#pragma once
#include "net/imap.h"
#include "scripted_server.h"

/* Pieces of scripts. */
#define IMAP_HELLO(capabilities) \
    "* OK ready\n<A001 CAPABILITY\n* CAPABILITY IMAP4rev1 " capabilities "\nA001 OK done\n"
#define IMAP_IN IMAP_HELLO("") "<A002 LOGIN user secret\nA002 OK in\n"
#define IMAP_BYE "<logout LOGOUT\n"

enum { IMAP_CALL_TIMEOUT_MS = 1000, IMAP_CALL_PATIENCE_MS = 20000 };

struct imap_call {
    struct arena *arena;
    struct scripted_server *scripted;
    struct imap_server server;
    struct imap *imap;
    struct error error;
};

/* With a server that runs; nothing is said yet. Only where the script hangs or drips, it is not
 * waited for long. */
struct imap_call imap_call_start(const char *script);
/* And signed in: the script begins behind IMAP_IN. */
struct imap_call imap_call_in(const char *script);
/* Ends both; the script must have been followed. */
struct heard imap_call_finish(struct imap_call *call);
