/* chain - what the chain of hashes costs a send: the three steps of a mail (queued, claimed, sent)
 * on a database of our own, with the chain and without it, in turns, in processor time.
 *
 * Linked so that event_store_append of the store is ours: without the chain, it writes the row and
 * nothing more. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/id.h"
#include "base/secret.h"
#include "store/email_store.h"
#include "store/event_store.h"
#include "json/json.h"

enum { ROUNDS = 10, AT_ONCE = 20 };

static bool has_chain;
static long batches; /* of AT_ONCE mails, in each round */
static int64_t number;

bool __real_event_store_append(struct session *session, struct event *event, struct error *error);
bool __wrap_event_store_append(struct session *session, struct event *event, struct error *error);

bool __wrap_event_store_append(struct session *session, struct event *event, struct error *error)
{
    if (has_chain)
        return __real_event_store_append(session, event, error);
    event->number = ++number;
    return db_save(session, QUERY_EVENT_INSERT, &EVENT_SCHEMA, event, NULL, NULL, error);
}

/* Each way has an organization of its own. */
static struct email mail(struct arena *arena)
{
    static struct address to[] = {{"client@example.com", "Ada Jones"}};
    return (struct email){
        .id = id_new(arena),
        .organization_id = has_chain ? "019e458a-8b40-7a41-9c2b-3f0e8d6a4b17"
                                     : "019e458a-8b40-7a41-9c2b-3f0e8d6a4b18",
        .user_id = "019e458a-8b40-7a41-9c2b-3f0e8d6a4b19",
        .account_id = "019e458a-8b40-7a41-9c2b-3f0e8d6a4b20",
        .from_email = "you@example.com",
        .to_recipients = {to, 1},
        .subject = "Your invoice",
        .body_text = "Dear Ms. Jones,\n\nplease find enclosed the invoice.\n",
        .message_id = arena_format(arena, "<%s@example.com>", id_new(arena)),
    };
}

static bool step(struct session *session, struct email *email, enum email_event event,
                 struct error *error)
{
    static const char SHA256[] = "d27d0f7168ef116f1d7934fc527ca68960462fd10ab2c912fe0f022ff5c9949f";
    const struct step step = {.event = event, .at = {1800000000000}, .actor = "system"};
    email->mail_sha256 = event == EVENT_ACCEPTED ? SHA256 : NULL;
    return event == EVENT_SEND ? email_store_insert(session, email, &step, error)
                               : email_store_move(session, email, &step, error);
}

static bool some_mails(struct session *session, void *context, struct error *error)
{
    AUTO_ARENA arena = arena_create();
    (void)context;
    for (int i = 0; i < AT_ONCE; i++) {
        struct email email = mail(arena);
        if (!step(session, &email, EVENT_SEND, error) ||
            !step(session, &email, EVENT_CLAIM, error) ||
            !step(session, &email, EVENT_ACCEPTED, error))
            return false;
    }
    return true;
}

static double processor_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

/* Microseconds a mail. */
static double round_of(struct db *db, bool with_chain)
{
    struct error error;
    has_chain = with_chain;
    double start = processor_us();
    for (long i = 0; i < batches; i++)
        if (!db_write(db, some_mails, NULL, &error)) {
            fprintf(stderr, "chain: %s\n", error.message);
            exit(1);
        }
    return (processor_us() - start) / (double)(batches * AT_ONCE);
}

static int by_size(const void *one, const void *other)
{
    double difference = *(const double *)one - *(const double *)other;
    return (difference > 0) - (difference < 0);
}

static double median(double *values)
{
    qsort(values, ROUNDS, sizeof *values, by_size);
    return values[ROUNDS / 2];
}

int main(int count, char **arguments)
{
    static const struct db_codec CODEC = {json_write_list, json_read_list};
    double with[ROUNDS], without[ROUNDS];
    struct error error;
    if (count != 3 || (batches = strtol(arguments[2], NULL, 10)) < 0) {
        fprintf(stderr, "usage: chain NEW-DATABASE MAILS\n");
        return 2;
    }
    batches = batches / AT_ONCE + 1;
    secret_start();
    struct db *db = db_open(arguments[1], &CODEC, &error);
    if (!db) {
        fprintf(stderr, "chain: %s\n", error.message);
        return 1;
    }
    for (int i = 0; i < ROUNDS; i++) {
        without[i] = round_of(db, false);
        with[i] = round_of(db, true);
    }
    db_close(db);
    double chained = median(with), plain = median(without);
    printf("{\"without_us\": %.1f, \"with_us\": %.1f, \"chain_us\": %.1f}\n", plain, chained,
           chained - plain);
    return 0;
}
