/* imap.h - looks into a mailbox over IMAP (RFC 3501), and changes nothing in it. Hides libcurl.
 *
 * Whatever a server says is bounded: each of its responses, how many come to a command, and the
 * time of the whole dialogue. Errors are ERROR_PROVIDER, and their message begins with the server's
 * host and port. */
#pragma once
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/schema.h"
#include "net/trust.h"

enum imap_security { IMAP_TLS, IMAP_STARTTLS, IMAP_PLAIN }; /* PLAIN: the caller knows it may */

struct imap_server {
    const char *host;
    int64_t port;
    enum imap_security security;
    const char *username, *password;
    struct tls_trust trust;
    bool allow_private;         /* mail_guard.h */
    int64_t connect_timeout_ms; /* until signed in */
    int64_t total_timeout_ms;   /* until imap_close */
};

struct imap_folder {
    const char *name; /* as the server spells it: modified UTF-7, or whatever bytes */
    char delimiter;   /* between the parts of a name; NUL: none */
    bool is_sent;     /* its server says that sent mail is in it (RFC 6154) */
};

enum { IMAP_UIDS_MOST = 16 };
struct imap_uids {
    uint32_t items[IMAP_UIDS_MOST]; /* the highest that were found */
    size_t count;
};

/* One connection, signed in; for one thread. */
struct imap;
/* NULL: error->field is the member of struct imap_server that has to do with it; ERROR_INVALID when
 * it may not be connected to. server and arena must live until it is closed. */
struct imap *imap_open(const struct imap_server *server, struct arena *arena, struct error *error);
void imap_close(struct imap **imap); /* says LOGOUT where that does not wait */
#define AUTO_IMAP __attribute__((cleanup(imap_close))) struct imap *

/* Of struct imap_folder: those that hold mail and can be named in a command. */
bool imap_list(struct imap *imap, struct list *ret_folders, struct error *error);
/* The folder that the next calls are about; read-only. */
bool imap_examine(struct imap *imap, const char *folder, struct error *error);
/* Mail with a header field of which the value is part, in any case: servers know no better.
 * value: imap_is_plain. */
bool imap_search(struct imap *imap, const char *field, const char *value,
                 struct imap_uids *ret_uids, struct error *error);
/* These header fields of that mail, as they stand in it: texts, not more than there are uids.
 * fields: names with a space between. */
bool imap_fetch_fields(struct imap *imap, const struct imap_uids *uids, const char *fields,
                       struct list *ret_heads, struct error *error);

/* Printable ASCII without quotes and backslashes, not too long: what may be searched for. */
bool imap_is_plain(const char *text);
