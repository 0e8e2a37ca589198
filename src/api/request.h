/* request.h - what a handler gets and what it may do; inside this room.
 *
 * A handler reads, checks, stores and replies as straight-line code on a worker. It fails by
 * returning false with an error; the reply in its family's manner is made in one place. */
#pragma once
#include "api/api.h"
#include "model/administration.h"
#include "model/call.h"
#include "model/rights.h"
#include "store/email_store.h"
#include "json/json.h"
#include "json/lift.h"

struct api;
struct gate { /* where requests come in */
    struct api *api;
    bool is_for_metrics;
};

struct api {
    struct gate gate, metrics_gate;
    struct arena *arena; /* holds the struct itself */
    struct api_settings settings;
    struct db *db;
    struct blobs *blobs;
    struct bell *bell;
    struct known_tokens *known_tokens;
    struct rate_limit *rate_limit;
    struct following *following;          /* see following.h */
    struct refusals *refusals;            /* see refusals.h */
    struct reference *reference;          /* see reference.h */
    struct replies *replies;              /* see replies.h */
    _Atomic(struct http_server *) server; /* NULL until it serves */
    _Atomic bool is_open;
    _Atomic unsigned tests; /* of webhooks, under way */
    struct fetch_places *fetch_places;
};

enum family { FAMILY_OUTTRAY, FAMILY_OUTBOUND, FAMILY_EMAIL, FAMILY_MESSAGES, FAMILY_COUNT };
enum takes {
    TAKES_NOTHING,
    TAKES_JSON,
    TAKES_FORM,    /* multipart/form-data: files, see uploading.h */
    TAKES_MESSAGE, /* message/rfc822: one mail, in request's body spool */
};
enum { ROUTE_PARTS_MOST = 2, ROUTE_ALSO_MOST = 2 };

struct request;
typedef bool handler(struct request *request, struct error *error);
typedef void answerer(struct request *request, const struct email *email);

/* Where a route is reached when the setting metrics_listen gives /metrics an address of its own;
 * otherwise all are reached at the one address. */
enum listener { LISTENER_MAIN, LISTENER_METRICS, LISTENER_BOTH };

struct route {
    const char *method, *path; /* {name} stands for one part of the path; {id} is a record's */
    handler *run;
    struct right right; /* what it is about; any scope with a part of that opens it */
    int status;         /* when it works */
    enum family family;
    const char *summary; /* for OpenAPI, as are takes, query and replies */
    enum takes takes;
    bool takes_link; /* a signed link stands for a token, see downloading.h */
    enum listener listener;
    bool may_be_cached;           /* the reply is the same for everybody; all others: no-store */
    bool replies_once;            /* the reply holds a secret: it is kept for no repeated call */
    bool heeds_version;           /* If-Match, where operation.c does not see it from the views */
    const struct schema *reads;   /* the body, when it is JSON: POST as CREATE, else as UPDATE */
    const struct schema *query;   /* what may stand behind the ? */
    const struct schema *replies; /* what reply() writes; NULL: no JSON */
    const struct schema *replies_else; /* to a token with fewer rights; NULL: there is one reply */
    const char *media_type;            /* of a reply that is no JSON */
    answerer *answer;          /* of a POST about an email: replies with what became of it */
    int also[ROUTE_ALSO_MOST]; /* more statuses, for OpenAPI: those that operation.c does not know
                                  of, such as 200 of a POST that found what it was to make */
};
extern const struct route ROUTES[]; /* ends with {0} */

struct lifted { /* a base64 value of the body, decoded on its way in (json/lift.h) */
    struct blob_writer *writer; /* NULL once it has a name */
    bool is_valid;
    const char *sha256;
    uint64_t size;
};

struct request {
    struct api *api;
    struct http_exchange *exchange;
    struct arena *arena;       /* of the turn: ends when the handler replies or parks */
    struct arena *lasting;     /* of the exchange: ends when the reply is out */
    const struct route *route; /* NULL: none fits, refusal says why */
    struct error refusal;      /* found before the body was read; answered on a worker */
    const char *allow;         /* with ERROR_METHOD: the methods there are */
    enum family family;
    const char *id;                      /* of the path's {id}, as a UUID */
    const char *parts[ROUTE_PARTS_MOST]; /* what stands for each {name} of the path */
    struct viewer viewer;                /* of what is the user's own; for more: permission.h */
    unsigned scopes;
    const char *token_id;
    const char *request_id;  /* X-Request-Id, the client's or ours; see request_take_id */
    int64_t retry_after_s;   /* with ERROR_TOO_MANY; with ERROR_CONFLICT, unless 0 */
    int first_status;        /* of a repeated call: that of its first reply, or 0 */
    struct session *session; /* see request_reading */
    struct lift *lift;
    struct lifted *lifted;
    size_t lifted_count, lifted_room;
    uint64_t lifted_bytes;
    int64_t room_left;     /* of files, in the organization's quota; see quotas.h */
    struct upload *upload; /* of a form, see uploading.h */
    struct bytes body;
    bool has_replied;
    bool has_entity_tag;               /* the reply: see composing.c */
    struct call *call;                 /* its idempotency key, if it has one */
    const char *email_id;              /* what its effect is about */
    const struct email *current_draft; /* with ERROR_STALE: what the caller did not know of */
    bool call_is_noted;                /* the key is in the database with the effect */
    const char *waits_for;             /* the email whose outcome it is parked for */
    int64_t wait_until_ms;             /* clock_steady_ms */
    uint64_t park_number;
    struct follower *follower;     /* while it waits for events, see following.h */
    struct waiting *waiting;       /* its place among those that may */
    struct held_reply *held_reply; /* of a large one, see replies.h */
    bool waits_for_place;          /* it is parked, and its route will be run once more */
    bool is_summary;               /* the reply leaves out the WHOLE fields */
};

/* Around each turn on a worker. What a turn needs of the one before is in request->lasting. */
void request_begin_turn(struct request *request);
void request_end_turn(struct request *request);

/* A session that reads, this request's until it replies or parks. */
struct session *request_reading(struct request *request);
/* Gives it back before something that may take long, such as another server's answer: the sessions
 * are few, and all requests need one. The next request_reading() takes one anew. */
void request_stop_reading(struct request *request);
/* Runs work in a transaction; the session of request_reading sees its effects afterwards. */
bool request_write(struct request *request, db_work *work, void *context, struct error *error);

/* A step of an email that is taken now, on behalf of who calls. */
struct step request_step(const struct request *request, enum email_event event);
/* An act of administration, likewise; for trail_note. subject_id: of what it changes, or NULL. */
struct administration request_act(const struct request *request, enum administration_event event,
                                  const char *subject_id);

/* Takes the client's X-Request-Id over where it is sane (letters, digits and -_.:/+= , at most 128
 * bytes), else makes one; the reply will have it. */
void request_take_id(struct request *request);

/* The body as the route's view says; an empty body counts as {}. ret_present: see json_read. */
bool request_read(struct request *request, void *object, uint64_t *ret_present,
                  struct error *error);
/* The query as the route's table says; what is absent gets the field's preset. */
bool request_query(struct request *request, void *object, struct error *error);
/* Whether the route knows all that stands there; the doors that others than our callers come
 * through, which need no token, take anything. */
bool query_check(const struct request *request, struct error *error);
void reply_version(struct request *request, int64_t version); /* as the ETag */
bool request_prefers_async(const struct request *request);

void reply(struct request *request, const void *object); /* the route's view and status */
void reply_status(struct request *request, int status, const void *object);
void reply_as(struct request *request, int status, const struct schema *view, const void *object);
/* The lists whose items the maker makes are written item by item; of a handler that changes
 * nothing. It fails like the maker, or for want of room: then there is no reply yet. */
bool reply_made(struct request *request, const void *object, const struct json_maker *maker,
                struct error *error);
bool reply_made_as(struct request *request, const struct schema *view, const void *object,
                   const struct json_maker *maker, struct error *error);
/* The body may be of the turn: a large one leaves for the disk, so that a client who reads slowly
 * holds no memory. */
void reply_bytes(struct request *request, int status, const char *content_type, struct bytes body);
void reply_nothing(struct request *request);   /* 204 */
void reply_unchanged(struct request *request); /* 304: the caller has it; see precondition.h */
/* Gives the file away; its media type is the route's. */
void reply_file(struct request *request, int file, uint64_t size);
/* The same for one that is on disk for this reply alone. */
bool reply_spool(struct request *request, struct spool *spool, struct error *error);
void reply_error(struct request *request, const struct error *error);
