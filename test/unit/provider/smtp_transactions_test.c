/* Which transactions a mail becomes, what is noted before each and after it, and how it ends. */
#include "provider/smtp_transactions.h"

#include <stdlib.h>
#include <string.h>

#include "base/secret.h"
#include "call.h"
#include "case.h"
#include "model/recipient.h"
#include "provider/providers.h"

#define TO(number) "<RCPT TO:<b" #number "@example.com>\n250 2.1.5 Ok\n"
#define MANY(number) "<RCPT TO:<b" #number "@example.com>\n452 4.5.3 many\n"
#define NO(number) "<RCPT TO:<b" #number "@example.com>\n550 5.1.1 no\n"
#define TAKEN DATA ".\n" SENT

struct handed {
    struct call call;
    struct email email;
    const char *log; /* of the calls of the attempt */
    bool keeps;
};

/* "b0+ b1-": by what is known of each. */
static const char *standing_of(const struct list *recipients, struct arena *arena)
{
    static const char SIGNS[] = {
        [RECIPIENT_PENDING] = '.', [RECIPIENT_ACCEPTED] = '+', [RECIPIENT_REFUSED] = '-',
        [RECIPIENT_DELAYED] = '~', [RECIPIENT_UNKNOWN] = '?',
    };
    const struct recipient *items = recipients->items;
    const char *line = "";
    for (size_t i = 0; i < recipients->count; i++)
        line = arena_format(arena, "%s%s%.2s%c", line, i ? " " : "", items[i].address,
                            SIGNS[items[i].status]);
    return line;
}

static void note(struct handed *handed, const char *what, const char *standing)
{
    handed->log = arena_format(handed->call.arena, "%s%s%s%s%s", handed->log,
                               *handed->log ? ", " : "", what, *standing ? " " : "", standing);
}

static bool commit(void *context)
{
    note(context, "commit", "");
    return true;
}

static bool commit_some(void *context, const struct list *recipients)
{
    struct handed *handed = context;
    note(handed, "commit", standing_of(recipients, handed->call.arena));
    return true;
}

static bool keep_recipients(void *context, const struct list *recipients, const char *detail)
{
    struct handed *handed = context;
    assert_non_null(strstr(detail, "\"recipients\""));
    note(handed, "keep", standing_of(recipients, handed->call.arena));
    return handed->keeps;
}

static const struct row {
    const char *name, *script;
    size_t recipients;
    const char *known; /* of b0: its sign; NULL: nothing */
    bool fails_to_keep;
    enum outcome_kind kind;
    const char *log;  /* what was noted */
    const char *news; /* of the last transaction */
} ROWS[] = {
    {"one transaction", HELLO MAIL TO(0) TO(1) TAKEN, 2, NULL, false, OUTCOME_SENT, "commit",
     "b0+ b1+"},
    {"three of them", HELLO MAIL TO(0) MANY(1) TAKEN MAIL TO(1) MANY(2) TAKEN MAIL TO(2) TAKEN, 3,
     NULL, false, OUTCOME_SENT, "commit b0?, keep b0+, commit b1?, keep b1+, commit b2?", "b2+"},
    {"something is known", HELLO MAIL TO(1) TAKEN, 2, "+", false, OUTCOME_SENT, "commit b1?",
     "b1+"},
    {"all are to be told again", HELLO MAIL TO(0) TO(1) TAKEN, 2, "~", false, OUTCOME_SENT,
     "commit b0? b1?", "b0+ b1+"},
    {"one refuses all", HELLO MAIL TO(0) NO(1) RSET, 2, NULL, false, OUTCOME_REFUSED, "", "b1-"},
    {"one is left out", HELLO MAIL TO(0) MANY(1) TAKEN MAIL NO(1) TO(2) TAKEN, 3, NULL, false,
     OUTCOME_SENT, "commit b0?, keep b0+, commit b2?", "b1- b2+"},
    {"nobody of the rest is in", HELLO MAIL TO(0) MANY(1) TAKEN MAIL NO(1) RSET, 2, NULL, false,
     OUTCOME_REFUSED, "commit b0?, keep b0+", "b1-"},
    {"no answer to the second", HELLO MAIL TO(0) MANY(1) TAKEN MAIL TO(1) MANY(2) DATA ".\nclose\n",
     3, NULL, false, OUTCOME_UNKNOWN, "commit b0?, keep b0+, commit b1?", "b1?"},
    {"what cannot be kept is not followed by more", HELLO MAIL TO(0) MANY(1) TAKEN, 2, NULL, true,
     OUTCOME_TRY_LATER, "commit b0?, keep b0+", "b0+"},
    {"too many at the end",
     HELLO MAIL TO(0) TO(1) DATA ".\n554 5.5.3 many\n" MAIL TO(0) TAKEN MAIL TO(1) TAKEN, 2, NULL,
     false, OUTCOME_SENT, "commit, keep b0~ b1~, commit b0?, keep b0+, commit b1?", "b1+"},
    {"the mail is refused", HELLO MAIL TO(0) TO(1) DATA ".\n554 5.7.1 spam\n", 2, NULL, false,
     OUTCOME_REFUSED, "commit", "b0- b1-"},
    {"the sender is refused", HELLO "<MAIL\n550 5.7.1 no\nclose\n", 2, NULL, false, OUTCOME_REFUSED,
     "", "b0- b1-"},
    {"nobody answers", "close\n", 2, NULL, false, OUTCOME_TRY_LATER, "", ""},
};

static enum recipient_status status_of(char sign)
{
    return sign == '+' ? RECIPIENT_ACCEPTED : RECIPIENT_DELAYED;
}

static bool row_holds(const struct row *row)
{
    struct scripted_server *server;
    struct handed handed = {
        .call = call_start(row->script, &server), .log = "", .keeps = !row->fails_to_keep};
    struct arena *arena = handed.call.arena;
    struct recipient known = {.address = "b0@example.com",
                              .status = status_of(row->known ? *row->known : '+')};
    handed.email = (struct email){
        .id = "e",
        .from_email = "a@example.com",
        .message_id = "<1@example.com>",
        .to_recipients = call_recipients(&handed.call, row->recipients),
        .recipients = {&known, row->known ? 1 : 0},
    };
    const struct account account = {.id = "account"};
    const struct provider_settings settings = {0};
    struct provider_pool *pool = provider_pool_create(&settings);
    const struct attempt attempt = {
        .account = &account,
        .email = &handed.email,
        .message = handed.call.message,
        .recipients = recipient_left(&handed.email, &handed.email.recipients, arena),
        .arena = arena,
        .commit = commit,
        .commit_some = commit_some,
        .keep_recipients = keep_recipients,
        .context = &handed,
    };
    struct outcome outcome;
    smtp_transactions_run(pool, handed.call.connection, &handed.call.server, &attempt, &outcome);
    const char *news = standing_of(&outcome.recipients, arena);
    bool fits = outcome.kind == row->kind && strcmp(handed.log, row->log) == 0 &&
                strcmp(news, row->news) == 0;
    if (!fits)
        print_error("%s: %s, noted \"%s\", told \"%s\": %s\n", row->name,
                    OUTCOME_NAMES[outcome.kind], handed.log, news,
                    outcome.reason ? outcome.reason : "");
    provider_pool_destroy(pool);
    struct heard heard;
    call_end(&handed.call);
    scripted_server_finish(server, &heard);
    if (*heard.wrong)
        print_error("%s: %s\n", row->name, heard.wrong);
    fits = fits && !*heard.wrong;
    free(heard.content);
    return fits;
}

static void test_each_course(void **state)
{
    (void)state;
    size_t failures = 0;
    for (size_t i = 0; i < COUNT(ROWS); i++)
        failures += !row_holds(&ROWS[i]);
    assert_int_equal(failures, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_course),
    };
    secret_start();
    net_start();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
