/* api.h - the three API families over one core: takes requests from http/, answers them. */
#pragma once
#include "assistant/assistant.h"
#include "base/bell.h"
#include "base/buf.h"
#include "base/secret.h"
#include "blob/blob.h"
#include "db/db.h"
#include "grant/grant.h"
#include "http/http.h"
#include "model/email.h"
#include "notice/notice.h"
#include "provider/provider.h"

struct replies_settings {        /* of large replies */
    size_t places;               /* how many are composed at the same time */
    uint64_t organization_bytes; /* of disk, until their clients have read them: in all of one */
    uint64_t bytes;              /* organization, and of all */
    int64_t wait_ms;             /* for a place and for the disk; then 503 */
};

struct api_settings {
    struct email_limits limits;
    struct replies_settings replies;
    uint64_t body_bytes;         /* of a request */
    uint64_t upload_bytes;       /* of a file in a form */
    int64_t requests_per_minute; /* of a token; 0: any number */
    int64_t waiting_per_token;   /* requests that wait for events */
    int64_t send_wait_ms;        /* how long a send waits for its outcome before it answers 202 */
    bool first_try_decides;      /* what is not sent then is answered with an error */
    bool logs_access;            /* a line for each request */
    bool keeps_raw;              /* mail that comes in, as it came */
    bool may_send_plain;         /* SMTP without TLS to other machines */
    const char *spool_folder;
    const char *version;      /* of this program */
    const char *public_url;   /* how others reach this server; of links in replies */
    const char *cors_origins; /* of pages that may call: origins, or *; NULL: none */
    const char *console_url;  /* where a browser goes on after a sign-in */
    bool completes_sign_ins;  /* in the callback, whoever's browser comes to it */
    int64_t download_link_lifetime_ms;
    unsigned fetches;              /* at the same time: each holds a worker */
    int64_t fetch_wait_ms;         /* for its turn */
    int64_t fetch_timeout_ms;      /* of all URLs in one request */
    bool may_fetch_private;        /* from this machine and its network */
    const char *ca_file;           /* PEM, of whom to trust there; NULL: the system's */
    struct notice_settings notice; /* of webhooks */
    struct secret_key key;
    struct provider_settings provider;
    struct grants *grants;       /* forgets what a sign-in has changed */
    struct assistant *assistant; /* completes texts */
    /* Until when the mailbox may send no more, by its pace; not set: it may. Delivery knows it,
     * and is a stranger here, as it is for what follows. */
    moment (*paced_until)(void *context, const struct account *account, int64_t *ret_per_minute);
    void *pace_context;
    /* What delivery has to say on /metrics; this room does not know it. */
    void (*add_metrics)(struct buf *buf, void *context);
    void *metrics_context;
    bool has_metrics_listener; /* then /metrics is reached there, and not among the others */
};

struct api;
struct api *api_create(const struct api_settings *settings, struct db *db, struct blobs *blobs,
                       struct bell *bell);
void api_destroy(struct api *api);

/* Before it is opened: how others reach this server, once its port is known. The texts must outlive
 * it. */
void api_relocate(struct api *api, const char *public_url, const char *console_url);

/* For http_start. The second is for a server of its own, of settings.has_metrics_listener. */
struct http_door api_door(struct api *api);
struct http_door api_metrics_door(struct api *api);
/* Then: from here on requests are answered, and /readyz says so. */
void api_open(struct api *api, struct http_server *server);
/* /readyz says no; what is under way goes on. */
void api_close(struct api *api);
