#include "base/fault.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"

const char *const FAULT_NAMES[FAULT_COUNT] = {
    [FAULT_COMMIT_BEFORE] = "commit_before",
    [FAULT_COMMIT_AFTER] = "commit_after",
    [FAULT_BLOB_NAMED] = "blob_named",
    [FAULT_PLANNED_DUE] = "planned_due",
    [FAULT_CLAIMED] = "claimed",
    [FAULT_LOADED] = "loaded",
    [FAULT_COMPOSED] = "composed",
    [FAULT_NOTE_BEFORE] = "note_before",
    [FAULT_NOTE_AFTER] = "note_after",
    [FAULT_RECIPIENTS_BEFORE] = "recipients_before",
    [FAULT_RECIPIENTS_AFTER] = "recipients_after",
    [FAULT_HANDLE_BEFORE] = "handle_before",
    [FAULT_HANDLE_AFTER] = "handle_after",
    [FAULT_OUTCOME_BEFORE] = "outcome_before",
    [FAULT_OUTCOME_AFTER] = "outcome_after",
    [FAULT_RECEIVED] = "received",
    [FAULT_SMTP_CONNECTED] = "smtp_connected",
    [FAULT_SMTP_ENVELOPE] = "smtp_envelope",
    [FAULT_SMTP_DATA] = "smtp_data",
    [FAULT_SMTP_DOT_SENT] = "smtp_dot_sent",
    [FAULT_SMTP_REPLIED] = "smtp_replied",
    [FAULT_SANDBOX_WRITTEN] = "sandbox_written",
    [FAULT_SANDBOX_RENAMED] = "sandbox_renamed",
    [FAULT_HTTP_BEGIN] = "http_begin",
    [FAULT_HTTP_WHOLE] = "http_whole",
    [FAULT_HTTP_REPLIED] = "http_replied",
    [FAULT_TOKEN_GIVEN] = "token_given",
    [FAULT_TOKEN_KEPT] = "token_kept",
    [FAULT_KEY_LINKED] = "key_linked",
    [FAULT_KEY_REPLACED] = "key_replaced",
    [FAULT_SEALED_ANEW] = "sealed_anew",
    [FAULT_PROBE_BEFORE] = "probe_before",
    [FAULT_PROBE_AFTER] = "probe_after",
    [FAULT_PROBE_NOTED] = "probe_noted",
    [FAULT_PARSER_BORN] = "parser_born",
    [FAULT_PARSER_ASKED] = "parser_asked",
    [FAULT_PARSER_PART] = "parser_part",
    [FAULT_PARSER_ITEM] = "parser_item",
    [FAULT_PARSER_DATA] = "parser_data",
    [FAULT_PARSER_HTML] = "parser_html",
    [FAULT_PARSER_DONE] = "parser_done",
    [FAULT_PARSER_HALF] = "parser_half",
    [FAULT_PARSER_ANSWERED] = "parser_answered",
};

static enum fault fatal = FAULT_COUNT; /* none */
static _Atomic long passings_left;
static pthread_once_t once = PTHREAD_ONCE_INIT;

/* A test that names a point that is not there would pass for ever. */
static void give_up(const char *wanted)
{
    fprintf(stderr, "OUTTRAY_FAULT=%s names no fault point and passing\n", wanted);
    abort();
}

static void read_environment(void)
{
    const char *wanted = getenv("OUTTRAY_FAULT");
    if (!wanted)
        return;
    size_t size = strcspn(wanted, ":");
    char *end = NULL;
    passings_left = wanted[size] ? strtol(wanted + size + 1, &end, 10) : 0;
    for (enum fault point = 0; point < FAULT_COUNT; point++)
        if (strlen(FAULT_NAMES[point]) == size && text_starts(wanted, FAULT_NAMES[point]))
            fatal = point;
    if (fatal == FAULT_COUNT || passings_left < 1 || *end)
        give_up(wanted);
}

void fault_pass(enum fault point)
{
    pthread_once(&once, read_environment);
    if (point != fatal || atomic_fetch_sub(&passings_left, 1) != 1)
        return;
    if (kill(getpid(), SIGKILL) != 0)
        __builtin_trap(); /* behind a lock that lets nobody kill */
    for (;;) /* the signal may come to another thread first, and this one must not go on */
        pause();
}
