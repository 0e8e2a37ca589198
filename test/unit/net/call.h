/* call.h - one sender's calls of smtp_send, against a scripted server. */
#pragma once
#include "net/smtp.h"
#include "scripted_server.h"

/* Pieces of scripts. */
#define IN "<AUTH PLAIN AHUAcA==\n235 2.7.0 in\n"
#define BARE "220 test\n<EHLO client.example\n250-test\n250 HELP\n"
#define HELLO "220 test\n<EHLO client.example\n250-test\n250-AUTH PLAIN\n250 HELP\n" IN
#define PIPE \
    "220 test\n<EHLO client.example\n250-test\n250-SIZE 1000\n250-AUTH PLAIN\n250 PIPELINING\n" IN
#define MAIL "<MAIL FROM:<a@example.com>\n250 2.1.0 Ok\n"
#define RCPT "<RCPT TO:<b0@example.com>\n250 2.1.5 Ok\n"
#define DATA "<DATA\n354 go\n"
#define RSET "<RSET\n250 Ok\n"
#define SENT "250 2.0.0 queued\n"
#define OFFER(mechanisms) "220 test\n<EHLO\n250-test\n250 AUTH " mechanisms "\n"

enum { CALL_TIMEOUT_MS = 300 };

struct call {
    struct arena *arena;
    struct smtp_connection *connection;
    struct smtp_server server;
    struct smtp_envelope envelope;
    struct spool *message;
    smtp_commit *commit; /* call_commit unless a test sets another */
    size_t commits;
    struct smtp_result result;
};

/* One recipient and a short message; to port 0 until a server is set. It signs in as "u" with "p",
 * unless AUTH is not in the script. */
struct call call_begin(void);
struct call call_start(const char *script, struct scripted_server **ret_server);
void call_send(struct call *call);
void call_end(struct call *call);
/* Ends both; the script must have been followed. heard.content is the caller's to free. */
struct heard call_finish(struct call *call, struct scripted_server *server);

bool call_commit(void *call);                                      /* counts, and agrees */
void call_write(struct call *call, const void *data, size_t size); /* more of the message */
void call_write_anew(struct call *call, const void *data, size_t size);
struct list call_recipients(struct call *call, size_t count); /* b0@example.com, b1@... */
